// Uploads a file to a presigned URL with HttpClient: Upload FILE
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

public static class Upload
{
    // presigned: begin
    // Good until EXPIRATION. Until then whoever has this URL can use it.
    const string Url = "URL";
    // Exactly what was signed: no other Content-Type, Content-MD5 or x-oss-* may be sent.
    static readonly string[][] Headers =
    {
        new[] { "NAME", "VALUE" },
    };
    const string DefaultFile = "FILE";
    // presigned: end

    // PUTs the file as a stream with its length. StreamContent adds no Content-Type; StringContent would.
    static async Task<HttpResponseMessage> PutFile(string path)
    {
        using (var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan })
        using (var file = File.OpenRead(path))
        using (var request = new HttpRequestMessage(HttpMethod.Put, Url))
        {
            request.Content = new StreamContent(file);
            foreach (var header in Headers)
            {
                if (header[0].Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                    // .NET writes a media type in its own way, "text/plain; charset=utf8" with one space:
                    // sign exactly that form.
                    request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(header[1]);
                else if (!request.Headers.TryAddWithoutValidation(header[0], header[1]))
                    // Content-Encoding and its like belong to the content.
                    request.Content.Headers.TryAddWithoutValidation(header[0], header[1]);
            }
            return await client.SendAsync(request);
        }
    }

    static string ValueOf(HttpResponseMessage response, string name)
    {
        IEnumerable<string> values;
        return response.Headers.TryGetValues(name, out values) ? values.First() : "";
    }

    // Uploads, prints what the server said, and returns the exit code.
    static async Task<int> Run(string path)
    {
        using (var response = await PutFile(path))
        {
            var status = (int)response.StatusCode;
            var request = ValueOf(response, "x-oss-request-id");
            if (!response.IsSuccessStatusCode)
            {
                var body = await response.Content.ReadAsStringAsync();
                Console.Error.WriteLine("refused: " + status + ", request " + request + "\n" + body);
                return 1;
            }
            Console.WriteLine("uploaded: " + status + ", ETag " + ValueOf(response, "ETag") + ", request " + request);
            return 0;
        }
    }

    public static int Main(string[] arguments)
    {
        var path = arguments.Length > 0 ? arguments[0] : DefaultFile;
        if (path.Length == 0)
        {
            Console.Error.WriteLine("usage: Upload FILE");
            return 2;
        }
        try
        {
            return Run(path).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is HttpRequestException || error is IOException)
        {
            Console.Error.WriteLine("upload: no answer from the server: " + error.GetBaseException().Message);
            return 2;
        }
    }
}
