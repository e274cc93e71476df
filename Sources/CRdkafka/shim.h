#include <librdkafka/rdkafka.h>
/* The cluster that librdkafka plays for tests: nothing else names it. */
#include <librdkafka/rdkafka_mock.h>

/* librdkafka takes a record's parts through variadics, which Swift cannot call. A key that is NULL is none; key and value are
   copied. The headers become librdkafka's if this succeeds, and stay the caller's if not. */
static inline rd_kafka_resp_err_t swiftlake_rdkafka_produce(
    rd_kafka_t *client, const char *topic, const void *key, size_t key_length, const void *value, size_t value_length,
    int64_t timestamp, rd_kafka_headers_t *headers) {
    return rd_kafka_producev(
        client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key, key_length),
        RD_KAFKA_V_VALUE((void *)value, value_length), RD_KAFKA_V_TIMESTAMP(timestamp), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_END);
}
