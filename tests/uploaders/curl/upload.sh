#!/bin/sh
# Uploads a file with curl to a presigned URL: upload.sh URL FILE ['HEADER: VALUE']...
#
# The heart of it is the curl line. The rest turns what curl saved into one line of JSON.
set -eu

url=$1
file=$2
shift 2

# Turn each remaining argument into `-H argument`, in place. `Expect:` without a value takes that header away.
count=$#
while [ "$count" -gt 0 ]; do
    header=$1
    shift
    set -- "$@" -H "$header"
    count=$((count - 1))
done

answer=$(mktemp -d)
trap 'rm -rf "$answer"' EXIT

# --path-as-is and --globoff: the URL was signed as it stands, so it must be sent as it stands.
# curl may fail to send the rest of a body that the server has refused; the answer counts, not curl's exit code.
curl --silent --show-error --path-as-is --globoff \
    --upload-file "$file" --dump-header "$answer/head" --output "$answer/body" "$@" "$url" || true
touch "$answer/head" "$answer/body"

# The last status line counts: "HTTP/1.1 100 Continue" may come before it.
status=$(sed -n 's|^HTTP/[0-9.]* \([0-9][0-9][0-9]\).*|\1|p' "$answer/head" | tail -n 1)
if [ -z "$status" ] || [ "$status" -lt 200 ]; then
    echo "upload.sh: no answer from the server" >&2
    exit 2
fi

# Standard input as a JSON string: escape, then join the lines.
json_string() {
    tr -d '\r' | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$(printf '\t')/\\\\t/g" |
        awk 'BEGIN { printf "\"" } NR > 1 { printf "\\n" } { printf "%s", $0 } END { printf "\"" }'
}

# The value of a response header as a JSON string, or null.
json_header() {
    value=$(tr -d '\r' <"$answer/head" | sed -n "s/^$1: *//Ip" | tail -n 1)
    if [ -n "$value" ]; then printf '%s' "$value" | json_string; else printf null; fi
}

printf '{"status": %s, "etag": %s, "request_id": %s, "body": %s}\n' \
    "$status" "$(json_header etag)" "$(json_header x-oss-request-id)" "$(json_string <"$answer/body")"
[ "$status" -lt 300 ]
