// Uploads a file with libcurl to a presigned URL: upload URL FILE ['HEADER: VALUE']...
#include <curl/curl.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

struct Answer {
    long status = 0;
    std::optional<std::string> etag;
    std::optional<std::string> request_id;
    std::string body;
};

static std::size_t append(char* data, std::size_t size, std::size_t count, void* text) {
    static_cast<std::string*>(text)->append(data, size * count);
    return size * count;
}

static std::optional<std::string> response_header(CURL* curl, const char* name) {
    curl_header* found = nullptr;
    if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return std::nullopt;
    return found->value;
}

// PUTs the file as a stream. CURLOPT_UPLOAD means PUT, and libcurl adds no Content-Type to it.
static Answer upload(const std::string& url, const std::string& path, const std::vector<std::string>& headers) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file) throw std::runtime_error("cannot open " + path);
    std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    curl_slist* list = nullptr;
    for (const auto& header : headers) list = curl_slist_append(list, header.c_str());
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(list, curl_slist_free_all);

    Answer answer;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    // The URL was signed as it stands: leave "/../" in a key alone.
    curl_easy_setopt(curl.get(), CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, file.get());
    curl_easy_setopt(curl.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(std::filesystem::file_size(path)));
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);

    const CURLcode code = curl_easy_perform(curl.get());
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    // Sending the rest of a refused body may fail although the answer has come: the answer counts.
    if (answer.status < 200) throw std::runtime_error(curl_easy_strerror(code));
    answer.etag = response_header(curl.get(), "ETag");
    answer.request_id = response_header(curl.get(), "x-oss-request-id");
    return answer;
}

static std::string json(const std::optional<std::string>& text) {
    if (!text) return "null";
    std::string quoted = "\"";
    for (const unsigned char c : *text) {
        char escaped[8];
        if (c == '"' || c == '\\') {
            quoted += {'\\', static_cast<char>(c)};
        } else if (c < ' ') {
            std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
            quoted += escaped;
        } else {
            quoted += static_cast<char>(c);
        }
    }
    return quoted + "\"";
}

int main(int count, char** arguments) {
    if (count < 3) {
        std::cerr << "usage: upload URL FILE ['HEADER: VALUE']...\n";
        return 2;
    }
    try {
        const Answer answer = upload(arguments[1], arguments[2], {arguments + 3, arguments + count});
        std::cout << "{\"status\": " << answer.status << ", \"etag\": " << json(answer.etag)
                  << ", \"request_id\": " << json(answer.request_id) << ", \"body\": " << json(answer.body) << "}\n";
        return answer.status / 100 == 2 ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "upload: no answer from the server: " << error.what() << "\n";
        return 2;
    }
}
