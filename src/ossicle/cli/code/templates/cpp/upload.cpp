// Uploads a file to a presigned URL with libcurl: g++ -std=c++17 upload.cpp -lcurl -o upload && ./upload FILE
#include <curl/curl.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// presigned: begin
// Good until EXPIRATION. Until then whoever has this URL can use it.
static const std::string URL = "URL";
// Exactly what was signed: no other Content-Type, Content-MD5 or x-oss-* may be sent.
static const std::vector<std::pair<std::string, std::string>> HEADERS = {
    {"NAME", "VALUE"},
};
static const std::string FILE_NAME = "FILE";
// presigned: end

struct Answer {
    long status = 0;
    std::string etag;
    std::string request_id;
    std::string body;
};

static std::size_t append(char* data, std::size_t size, std::size_t count, void* text) {
    static_cast<std::string*>(text)->append(data, size * count);
    return size * count;
}

static std::string response_header(CURL* curl, const char* name) {
    curl_header* found = nullptr;
    return curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK ? found->value : "";
}

// PUTs the file as a stream. CURLOPT_UPLOAD means PUT, and libcurl adds no Content-Type to it.
static Answer upload(const std::string& path) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file) throw std::runtime_error("cannot open " + path);
    std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    curl_slist* list = nullptr;
    for (const auto& [name, value] : HEADERS) {
        // ";" is how libcurl is told to send a header that has no value.
        list = curl_slist_append(list, (value.empty() ? name + ";" : name + ": " + value).c_str());
    }
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> owned(list, curl_slist_free_all);

    Answer answer;
    curl_easy_setopt(curl.get(), CURLOPT_URL, URL.c_str());
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
    if (answer.status < 200) throw std::runtime_error(std::string("no answer from the server: ") + curl_easy_strerror(code));
    answer.etag = response_header(curl.get(), "ETag");
    answer.request_id = response_header(curl.get(), "x-oss-request-id");
    return answer;
}

int main(int count, char** arguments) {
    const std::string path = count > 1 ? arguments[1] : FILE_NAME;
    if (path.empty()) {
        std::cerr << "usage: upload FILE\n";
        return 2;
    }
    try {
        const Answer answer = upload(path);
        if (answer.status / 100 != 2) {
            std::cerr << "refused: " << answer.status << ", request " << answer.request_id << "\n" << answer.body << "\n";
            return 1;
        }
        std::cout << "uploaded: " << answer.status << ", ETag " << answer.etag << ", request " << answer.request_id << "\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "upload: " << error.what() << "\n";
        return 2;
    }
}
