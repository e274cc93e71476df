#!/usr/bin/env bash
# Puts the data view and the dashboard of crypto.ndjson into Kibana, in place of earlier ones.
set -euo pipefail

help() {
    cat <<'HELP'
usage: dashboards/kibana/import.sh [FILE]

Imports saved objects into Kibana 8.9 or later: FILE, or crypto.ndjson beside this script. Objects that are there
already are replaced. The environment says where and as whom:

  KIBANA_URL        address of Kibana, such as https://kibana.example.com:5601, with the path of a space (/s/NAME)
                    if the objects are for one
  KIBANA_API_KEY    an API key, as Elasticsearch encodes it; or
  KIBANA_USERNAME   a user, and
  KIBANA_PASSWORD   the user's password
  KIBANA_CA         a file of certificates (PEM), where the system does not know Kibana's authority

Without a key and a user nothing is told of who imports. Plain http:// is for this very machine only.

exit status: 0 all objects are imported, 1 Kibana did not take them all, 2 Kibana cannot be reached, 64 wrong use
HELP
}

misuse() {
    printf 'import.sh: %s\n' "$*" >&2
    exit 64
}

case "${1:-}" in
    -h | --help)
        help
        exit 0
        ;;
    -*) misuse "no option $1; see --help" ;;
esac
(($# <= 1)) || misuse "takes one file; see --help"
file=${1:-$(dirname "${BASH_SOURCE[0]}")/crypto.ndjson}
[[ -r "$file" ]] || misuse "$file cannot be read"
[[ "$file" != *[\;\,\"\\]* ]] || misuse "$file: curl takes no file whose path has ; , \" or \\"
command -v curl >/dev/null || misuse "needs curl"

url=${KIBANA_URL:-}
url=${url%/}
loopback='^http://(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?(/|$)'
[[ -n "$url" ]] || misuse "KIBANA_URL is not set: set it to Kibana's address, such as http://127.0.0.1:5601"
[[ "$url" == https://* || "$url" =~ $loopback ]] || misuse "KIBANA_URL must begin with https://, or name this machine"

# Quoted for curl's configuration, which takes the secret by a pipe: arguments show in the list of processes.
quoted() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

credentials() {
    if [[ -n "${KIBANA_API_KEY:-}" ]]; then
        printf 'header = %s\n' "$(quoted "Authorization: ApiKey $KIBANA_API_KEY")"
    elif [[ -n "${KIBANA_USERNAME:-}" ]]; then
        printf 'user = %s\n' "$(quoted "$KIBANA_USERNAME:$KIBANA_PASSWORD")"
    fi
}

if [[ -n "${KIBANA_API_KEY:-}" && -n "${KIBANA_USERNAME:-}" ]]; then
    misuse "KIBANA_API_KEY and KIBANA_USERNAME are both set: only one of them may be"
fi
[[ -z "${KIBANA_USERNAME:-}" || -n "${KIBANA_PASSWORD:-}" ]] || misuse "KIBANA_PASSWORD is not set, although KIBANA_USERNAME is"
case "${KIBANA_API_KEY:-}${KIBANA_USERNAME:-}${KIBANA_PASSWORD:-}" in
    *[[:cntrl:]]*) misuse "a key, user or password has no control characters" ;;
esac

options=(--silent --show-error --max-time 60 --retry 2 --config -)
[[ -z "${KIBANA_CA:-}" ]] || options+=(--cacert "$KIBANA_CA")
status=0
# The status of the reply comes behind its body, on a line of its own.
reply=$(credentials | curl "${options[@]}" --header 'kbn-xsrf: true' --form "file=@$file;type=application/ndjson" \
    --write-out '\n%{http_code}' "$url/api/saved_objects/_import?overwrite=true") || status=$?
((status == 0)) || {
    printf 'import.sh: Kibana cannot be reached (curl ended with %d)\n' "$status" >&2
    exit 2
}
code=${reply##*$'\n'}
body=${reply%$'\n'*}

# The answer says whether Kibana took everything, and how many: {"successCount":5,"success":true,…}.
expected=$(grep -c '"attributes":' "$file" || true)
[[ "$body" =~ \"successCount\":[[:space:]]*([0-9]+) ]] && count=${BASH_REMATCH[1]} || count=0
if [[ "$code" == 200 && "$body" =~ ^\{.*\"success\":[[:space:]]*true && "$count" == "$expected" ]] &&
    [[ ! "$body" =~ \"success\":[[:space:]]*false ]]; then
    printf 'imported %s objects; the dashboard is at %s/app/dashboards#/view/crypto\n' "$count" "$url"
    exit 0
fi
printf 'import.sh: Kibana did not take the objects (status %s): %.2000s\n' "$code" "$body" >&2
exit 1
