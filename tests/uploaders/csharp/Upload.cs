// Uploads a file with HttpClient to a presigned URL: Upload.exe URL FILE ['HEADER: VALUE']...
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

public static class Upload
{
    // PUTs the file as a stream with its length. StreamContent adds no Content-Type; StringContent would.
    static async Task<HttpResponseMessage> PutFile(string url, string path, IDictionary<string, string> headers)
    {
        using (var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan })
        using (var file = File.OpenRead(path))
        using (var request = new HttpRequestMessage(HttpMethod.Put, url))
        {
            request.Content = new StreamContent(file);
            foreach (var header in headers)
            {
                if (header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                    // .NET writes a media type in its own way, "text/plain; charset=utf8" with one space:
                    // sign exactly that form.
                    request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(header.Value);
                else if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value))
                    // Content-Encoding and its like belong to the content.
                    request.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
            return await client.SendAsync(request);
        }
    }

    static string HeaderOrNull(HttpResponseMessage response, string name)
    {
        IEnumerable<string> values;
        return response.Headers.TryGetValues(name, out values) ? values.First() : null;
    }

    static string Json(string text)
    {
        if (text == null)
            return "null";
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c == '"' || c == '\\')
                quoted.Append('\\').Append(c);
            else if (c < ' ' || c > '~')
                quoted.AppendFormat("\\u{0:x4}", (int)c);
            else
                quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    static async Task<int> Run(string[] arguments)
    {
        var headers = arguments.Skip(2).Select(line => line.Split(new[] { ':' }, 2))
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
        using (var response = await PutFile(arguments[0], arguments[1], headers))
        {
            Console.WriteLine("{{\"status\": {0}, \"etag\": {1}, \"request_id\": {2}, \"body\": {3}}}",
                (int)response.StatusCode, Json(HeaderOrNull(response, "ETag")),
                Json(HeaderOrNull(response, "x-oss-request-id")), Json(await response.Content.ReadAsStringAsync()));
            return response.IsSuccessStatusCode ? 0 : 1;
        }
    }

    public static int Main(string[] arguments)
    {
        try
        {
            return Run(arguments).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is HttpRequestException || error is IOException)
        {
            Console.Error.WriteLine("Upload: no answer from the server: " + error.GetBaseException().Message);
            return 2;
        }
    }
}
