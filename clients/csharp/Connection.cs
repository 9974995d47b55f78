// What the generated clients stand on: requests, errors, repetitions.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

namespace PasswebTelegram
{
    /// <summary>How a client works. All of it may be left as it is.</summary>
    public sealed class ClientOptions
    {
        /// <summary>Sends the requests; by default one for all clients of the program. Its own time-out must be the longer one.</summary>
        public HttpClient HttpClient { get; set; }

        /// <summary>How often a request is sent again at most.</summary>
        public int MaxRetries { get; set; } = 4;

        /// <summary>The longest pause between two tries. A longer <c>Retry-After</c> ends the tries.</summary>
        public TimeSpan MaxPause { get; set; } = TimeSpan.FromSeconds(60);

        /// <summary>After how long one try counts as lost.</summary>
        public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    /// <summary>An answer with the version of what it shows: <c>ETag</c> goes into <c>ifMatch</c> of a change.</summary>
    public sealed class Tagged<T>
    {
        public Tagged(T value, string etag)
        {
            Value = value;
            ETag = etag;
        }

        public T Value { get; }

        public string ETag { get; }
    }

    /// <summary>One wrong place of a request.</summary>
    public sealed class ProblemPlace
    {
        public ProblemPlace(string pointer, string code, string detail)
        {
            Pointer = pointer;
            Code = code;
            Detail = detail;
        }

        /// <summary>Where it is: a JSON Pointer, such as <c>/order/url</c>.</summary>
        public string Pointer { get; }

        /// <summary>What is wrong there, for programs: always the same, such as <c>out-of-range</c>.</summary>
        public string Code { get; }

        /// <summary>What is wrong, and what to do.</summary>
        public string Detail { get; }
    }

    /// <summary>The API has refused a request, or could not do it now: <c>application/problem+json</c> (RFC 9457).</summary>
    public sealed class ProblemException : Exception
    {
        private ProblemException(string message) : base(message) { }

        /// <summary>The status of the answer, such as 400.</summary>
        public int Status { get; private set; }

        /// <summary>What went wrong, for programs: always the same, such as <c>bot-of-another-site</c>.</summary>
        public string Code { get; private set; }

        /// <summary>What went wrong, and what to do, for people.</summary>
        public string Detail { get; private set; }

        /// <summary>Every wrong place of the request; empty where it is not the request that is wrong.</summary>
        public IList<ProblemPlace> Errors { get; private set; }

        /// <summary>After how long to send the same request again, where the API says so.</summary>
        public TimeSpan? RetryAfter { get; private set; }

        internal static ProblemException Of(int status, string body, TimeSpan? retryAfter)
        {
            var problem = ReadObject(body);
            var errors = problem.TryGetValue("errors", out var places)
                ? JsonValue.List(places, PlaceOf)
                : new List<ProblemPlace>();
            var detail = JsonValue.Text(JsonValue.Get(problem, "detail")) ?? "The API has answered " + status + ".";
            var lines = errors.Select(error => error.Pointer + ": " + error.Detail);
            return new ProblemException(string.Join("\n", new[] { detail }.Concat(lines)))
            {
                Status = status,
                Code = JsonValue.Text(JsonValue.Get(problem, "code")),
                Detail = detail,
                Errors = errors,
                RetryAfter = retryAfter,
            };
        }

        private static ProblemPlace PlaceOf(object json)
        {
            var place = JsonValue.Object(json);
            return new ProblemPlace(
                JsonValue.Text(JsonValue.Get(place, "pointer")),
                JsonValue.Text(JsonValue.Get(place, "code")),
                JsonValue.Text(JsonValue.Get(place, "detail")));
        }

        // What stands before the API may answer with something else than a problem.
        private static IDictionary<string, object> ReadObject(string body)
        {
            try
            {
                return JsonReader.Read(body) as IDictionary<string, object> ?? new Dictionary<string, object>();
            }
            catch (JsonException)
            {
                return new Dictionary<string, object>();
            }
        }
    }

    /// <summary>One request, before it is sent.</summary>
    internal sealed class Call
    {
        private readonly List<string> query = new List<string>();

        public HttpMethod Method { get; set; }

        /// <summary>With the ids in it as <see cref="Connection.PathId"/> writes them.</summary>
        public string Path { get; set; }

        public string IfMatch { get; set; }

        public string IfNoneMatch { get; set; }

        /// <summary>JSON; <c>null</c>: none.</summary>
        public string Body { get; set; }

        public string Accept { get; set; } = "application/json";

        /// <summary>Whether it may be sent again where nobody knows whether it arrived.</summary>
        public bool IsRepeatable { get; set; }

        public string Target
        {
            get { return query.Count == 0 ? Path : Path + "?" + string.Join("&", query); }
        }

        public Call Query(string name, object value)
        {
            if (value == null) return this;
            var written = value is DateTimeOffset
                ? ((DateTimeOffset)value).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture)
                : value is bool
                    ? ((bool)value ? "true" : "false")
                    : Convert.ToString(value, CultureInfo.InvariantCulture);
            query.Add(Uri.EscapeDataString(name) + "=" + Uri.EscapeDataString(written));
            return this;
        }
    }

    /// <summary>An answer that is no error.</summary>
    internal sealed class Reply
    {
        public string Body { get; set; }

        public string ETag { get; set; }

        public object Json
        {
            get { return JsonReader.Read(Body); }
        }
    }

    internal sealed class Connection
    {
        private static readonly Lazy<HttpClient> Common = new Lazy<HttpClient>(() => new HttpClient());
        private static readonly Regex PlainId = new Regex(@"^(?!\.{1,2}\z)[A-Za-z0-9._-]+\z");
        private readonly string baseUrl;
        private readonly string key;
        private readonly ClientOptions options;

        public Connection(string baseUrl, string key, ClientOptions options)
        {
            if (string.IsNullOrEmpty(baseUrl)) throw new ArgumentException("The address of the API is missing.", nameof(baseUrl));
            if (string.IsNullOrEmpty(key)) throw new ArgumentException("The key is missing.", nameof(key));
            this.baseUrl = baseUrl.TrimEnd('/');
            this.key = key;
            this.options = options ?? new ClientOptions();
        }

        /// <summary>
        /// An id as it is written in a path: <c>CLI/001</c> is <c>~Q0xJLzAwMQ</c>. A slash in it, also as <c>%2F</c>, would begin
        /// another segment.
        /// </summary>
        public static string PathId(string id)
        {
            if (string.IsNullOrEmpty(id)) throw new ArgumentException("An id is missing.", nameof(id));
            if (PlainId.IsMatch(id)) return id;
            return "~" + Convert.ToBase64String(Encoding.UTF8.GetBytes(id)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        }

        /// <summary>
        /// Sends a request. One that was not done (429, 503) is sent again when the API says so; one that may be repeated also
        /// after a lost connection.
        /// </summary>
        public async Task<Reply> SendAsync(Call call, CancellationToken cancellationToken)
        {
            for (var tries = 0; ; tries++)
            {
                var pause = TimeSpan.FromSeconds(Math.Pow(2, tries));
                try
                {
                    return await TryAsync(call, cancellationToken).ConfigureAwait(false);
                }
                catch (ProblemException problem) when (problem.Status == 429 || problem.Status == 503)
                {
                    pause = problem.RetryAfter ?? pause;
                    if (tries >= options.MaxRetries || pause > options.MaxPause) throw;
                }
                catch (Exception error) when (IsLost(error) && !cancellationToken.IsCancellationRequested)
                {
                    if (tries >= options.MaxRetries || !call.IsRepeatable) throw;
                }
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
        }

        private static bool IsLost(Exception error)
        {
            return error is HttpRequestException || error is TimeoutException || error is IOException;
        }

        private async Task<Reply> TryAsync(Call call, CancellationToken cancellationToken)
        {
            var http = options.HttpClient ?? Common.Value;
            using (var request = RequestOf(call))
            using (var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                ending.CancelAfter(options.Timeout);
                try
                {
                    using (var response = await http.SendAsync(request, ending.Token).ConfigureAwait(false))
                    {
                        var body = response.Content == null
                            ? ""
                            : Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false));
                        if (!response.IsSuccessStatusCode)
                            throw ProblemException.Of((int)response.StatusCode, body, PauseOf(response.Headers.RetryAfter));
                        return new Reply { Body = body, ETag = response.Headers.ETag?.ToString() };
                    }
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new TimeoutException("The API did not answer within " + options.Timeout.TotalSeconds + " s.");
                }
            }
        }

        // A request can be sent only once: each try has its own.
        private HttpRequestMessage RequestOf(Call call)
        {
            var request = new HttpRequestMessage(call.Method, baseUrl + call.Target);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(call.Accept));
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/problem+json"));
            if (call.IfMatch != null) request.Headers.TryAddWithoutValidation("If-Match", call.IfMatch);
            if (call.IfNoneMatch != null) request.Headers.TryAddWithoutValidation("If-None-Match", call.IfNoneMatch);
            if (call.Body != null) request.Content = new StringContent(call.Body, Encoding.UTF8, "application/json");
            return request;
        }

        private static TimeSpan? PauseOf(RetryConditionHeaderValue header)
        {
            if (header == null) return null;
            var pause = header.Delta ?? header.Date - DateTimeOffset.UtcNow;
            return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
        }
    }
}
