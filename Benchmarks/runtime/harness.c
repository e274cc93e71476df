/* A Runtime API that measures: harness PROGRAM ROUNDS EVENT_BYTES; the program inherits the environment.
   Prints microseconds from starting the program to its first request, then of every round trip from handing over an
   event to the request for the next one, then the program's peak memory in kB. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static char bytes[1 << 16];

/* Reads one request, whose body must fit. */
static void request(int connection) {
    size_t count = 0, whole = 0;
    while (!whole || count < whole) {
        ssize_t got = read(connection, bytes + count, sizeof bytes - count - 1);
        if (got <= 0) {
            fputs("the program has ended its connection\n", stderr);
            exit(1);
        }
        count += (size_t)got;
        bytes[count] = 0;
        char *end = strstr(bytes, "\r\n\r\n");
        if (end && !whole) {
            char *field = strcasestr(bytes, "content-length:");
            whole = (size_t)(end - bytes) + 4 + (field && field < end ? strtoul(field + 15, NULL, 10) : 0);
        }
    }
}

static void send_all(int connection, const char *data, size_t count) {
    while (count) {
        ssize_t sent = write(connection, data, count);
        if (sent <= 0) exit(1);
        data += sent;
        count -= (size_t)sent;
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return 64;
    int rounds = atoi(argv[2]), on = 1;
    size_t size = strtoul(argv[3], NULL, 10);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1)) return 1;
    getsockname(listener, (struct sockaddr *)&address, &length);
    char api[32], *arguments[] = {argv[1], NULL};
    snprintf(api, sizeof api, "127.0.0.1:%d", ntohs(address.sin_port));
    setenv("AWS_LAMBDA_RUNTIME_API", api, 1);
    char *event = malloc(size + 1024);
    size_t head = (size_t)sprintf(event,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\nLambda-Runtime-Deadline-Ms: 4102444800000\r\n"
        "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-2:123456789012:function:custom-runtime\r\n"
        "Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1\r\n"
        "Content-Length: %zu\r\n\r\n", size);
    memset(event + head, ' ', size);
    event[head] = '{';
    event[head + size - 1] = '}';
    static const char accepted[] = "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";

    pid_t program;
    double start = now();
    if (posix_spawn(&program, argv[1], NULL, NULL, arguments, environ)) return 1;
    int connection = accept(listener, NULL, NULL);
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    request(connection);
    printf("%.2f\n", now() - start);
    for (int round = 0; round < rounds; round++) {
        start = now();
        send_all(connection, event, head + size);
        request(connection);
        send_all(connection, accepted, sizeof accepted - 1);
        request(connection);
        printf("%.2f\n", now() - start);
    }
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", program);
    FILE *status = fopen(path, "r");
    while (fgets(line, sizeof line, status))
        if (!strncmp(line, "VmHWM:", 6)) printf("%s\n", strtok(line + 6, " \tk"));
    kill(program, SIGKILL);
    waitpid(program, NULL, 0);
    return 0;
}
