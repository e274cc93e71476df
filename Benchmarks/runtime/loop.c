/* The least a Lambda function can be: asks for an event, reads it, answers null, in plain C without any checks. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static char *buffer;
static size_t capacity = 1 << 16;

/* Reads one response; returns its head, with the terminating zero written over the empty line. */
static char *response(int connection) {
    size_t count = 0;
    char *end = NULL;
    while (!end) {
        ssize_t got = read(connection, buffer + count, capacity - count - 1);
        if (got <= 0) exit(1);
        count += (size_t)got;
        buffer[count] = 0;
        end = strstr(buffer, "\r\n\r\n");
    }
    *end = 0;
    size_t head = (size_t)(end - buffer) + 4, length = 0;
    char *field = strcasestr(buffer, "content-length:");
    if (field) length = strtoul(field + 15, NULL, 10);
    if (head + length + 1 > capacity) {
        capacity = head + length + 1;
        buffer = realloc(buffer, capacity);
    }
    while (count < head + length) {
        ssize_t got = read(connection, buffer + count, head + length - count);
        if (got <= 0) exit(1);
        count += (size_t)got;
    }
    return buffer;
}

int main(void) {
    char *api = getenv("AWS_LAMBDA_RUNTIME_API"), host[64], request[512];
    struct sockaddr_in address = {.sin_family = AF_INET};
    char *colon = strchr(api, ':');
    snprintf(host, sizeof host, "%.*s", (int)(colon - api), api);
    inet_pton(AF_INET, host, &address.sin_addr);
    address.sin_port = htons((unsigned short)atoi(colon + 1));
    int connection = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    if (connect(connection, (struct sockaddr *)&address, sizeof address)) return 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    buffer = malloc(capacity);
    for (;;) {
        int length = snprintf(request, sizeof request, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", api);
        if (write(connection, request, (size_t)length) != length) return 1;
        char *id = strcasestr(response(connection), "lambda-runtime-aws-request-id: ") + 31;
        id[strcspn(id, "\r")] = 0;
        length = snprintf(request, sizeof request,
            "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: %s\r\nContent-Length: 4\r\n\r\nnull", id, api);
        if (write(connection, request, (size_t)length) != length) return 1;
        response(connection);
    }
}
