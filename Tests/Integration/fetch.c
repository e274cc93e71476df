/* fetch URL CERTIFICATES: prints the status of a GET through the libcurl that functions link statically. */
#include <curl/curl.h>
#include <stdio.h>

int main(int argc, char **argv) {
    if (argc != 3) return 64;
    char message[CURL_ERROR_SIZE] = "";
    long status = 0;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const curl_version_info_data *information = curl_version_info(CURLVERSION_NOW);
    printf("%s, c-ares %s, %s\n", information->version, information->ares, information->ssl_version);
    for (const char *const *name = information->protocols; *name; name++) printf("protocol %s\n", *name);
    CURL *handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, argv[1]);
    curl_easy_setopt(handle, CURLOPT_CAINFO, argv[2]);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, message);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 20000L);
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    CURLcode code = curl_easy_perform(handle);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    if (code) fprintf(stderr, "%s: %s\n", curl_easy_strerror(code), message);
    else printf("status %ld\n", status);
    curl_easy_cleanup(handle);
    curl_global_cleanup();
    return code ? 1 : 0;
}
