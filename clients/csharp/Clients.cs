// Generated from docs/openapi.json by `npm run clients`: do not edit.
using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace PasswebTelegram
{
    /// <summary>What the key of a site opens: one site. It may be used by many threads at once.</summary>
    public sealed class SiteClient
    {
        private readonly Connection connection;
        private readonly string site;

        /// <param name="baseUrl">The address of the API, such as <c>https://telegram.example</c>.</param>
        /// <param name="siteId">The id of the site.</param>
        /// <param name="siteKey">A key of the site.</param>
        /// <param name="options">May be left out.</param>
        public SiteClient(string baseUrl, string siteId, string siteKey, ClientOptions options = null)
        {
            connection = new Connection(baseUrl, siteKey, options);
            site = Connection.PathId(siteId);
        }

        /// <summary>
        /// An order entered a status
        /// The holder of the order is told, where a template manages the status. The answer says what became of each recipient. The same <c>eventId</c> reported again repeats nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<EventAccepted> ReportOrderStatusAsync(
            OrderStatusEvent body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/events/order-status",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.EventAccepted.ReadFrom(reply.Json);
        }

        /// <summary>
        /// A cart was abandoned
        /// The user is told after the site's <c>abandonedCartHours</c>, unless the cart is recovered or ordered by then. Only the last cart of a user counts. The answer says what became of each recipient. The same <c>eventId</c> reported again repeats nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<EventAccepted> ReportAbandonedCartAsync(
            AbandonedCartEvent body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/events/abandoned-cart",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.EventAccepted.ReadFrom(reply.Json);
        }

        /// <summary>
        /// A message was written in the reserved area
        /// Every recipient is told. The answer says what became of each recipient. The same <c>eventId</c> reported again repeats nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<EventAccepted> ReportMessageSentAsync(
            MessageSentEvent body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/events/message-sent",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.EventAccepted.ReadFrom(reply.Json);
        }

        /// <summary>
        /// A recipient read a message
        /// The sender is told. The answer says what became of each recipient. The same <c>eventId</c> reported again repeats nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<EventAccepted> ReportMessageReadAsync(
            MessageReadEvent body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/events/message-read",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.EventAccepted.ReadFrom(reply.Json);
        }

        /// <summary>
        /// An activity changed status
        /// The creator of the activity is told, and so are its <c>recipients</c> where the event names them, with templates of their own. A creator who is one of them is told once, as the creator. The answer says what became of each recipient. The same <c>eventId</c> reported again repeats nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<EventAccepted> ReportActivityStatusAsync(
            ActivityStatusEvent body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/events/activity-status",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.EventAccepted.ReadFrom(reply.Json);
        }

        /// <summary>
        /// An assignee opened an activity
        /// The creator of the activity is told. The answer says what became of each recipient. The same <c>eventId</c> reported again repeats nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<EventAccepted> ReportActivityViewedAsync(
            ActivityViewedEvent body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/events/activity-viewed",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.EventAccepted.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Remind people of an activity
        /// Its recipients are told <c>remindMinutesBefore</c> minutes before its date, and before each date that <c>recurrence</c> makes of it. Reporting the activity again moves its reminders. The answer says what became of each recipient. The same <c>eventId</c> reported again repeats nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<EventAccepted> ReportActivityReminderAsync(
            ActivityReminderEvent body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/events/activity-reminder",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.EventAccepted.ReadFrom(reply.Json);
        }

        /// <summary>
        /// A file was uploaded, or Docuvision found new documents
        /// The administrators of the folder are told; of the folder of a company that is the company itself. What Docuvision found at once is one event with all its <c>files</c>, and one message. The answer says what became of each recipient. The same <c>eventId</c> reported again repeats nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<EventAccepted> ReportFileUploadAsync(
            FileUploadEvent body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/events/file-upload",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.EventAccepted.ReadFrom(reply.Json);
        }

        /// <summary>
        /// A file was downloaded or previewed
        /// The administrators of the folder are told. The answer says what became of each recipient. The same <c>eventId</c> reported again repeats nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<EventAccepted> ReportFileAccessAsync(
            FileAccessEvent body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/events/file-access",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.EventAccepted.ReadFrom(reply.Json);
        }

        /// <summary>The cart of a user was recovered</summary>
        /// <param name="userId">Passweb's id of the user: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 412 Precondition Failed, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task RecoverCartAsync(
            string userId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("DELETE"),
                Path = "/v1/sites/" + site + "/events/abandoned-cart/" + Connection.PathId(userId),
                IsRepeatable = true,
            };
            await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>No more reminders of an activity, or none of one of its dates</summary>
        /// <param name="activityId">Passweb's id of the activity: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="occurrence">Only this date of an activity that repeats, as it was reported; absent: all dates</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 412 Precondition Failed, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task CancelReminderAsync(
            string activityId,
            string occurrence = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("DELETE"),
                Path = "/v1/sites/" + site + "/events/activity-reminder/" + Connection.PathId(activityId),
                IsRepeatable = true,
            };
            call.Query("occurrence", occurrence);
            await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>
        /// The people of a site: list, search, filter, counts
        /// Each person has one state: <c>opted-out</c> (by themself or the shop), else <c>linked</c>, <c>unreachable</c> (Telegram reaches none of their chats), <c>pending</c> (not linked, with a link that nobody has used and that has not expired; also people whom nobody knew before), or <c>not-linked</c>. What has happened before the request is in the answer. It also works while the site is switched off.
        /// </summary>
        /// <param name="query">The beginning of an id, or of one or several words of a name or a company, without regard to case, accents and punctuation: <c>cli/00</c>, <c>ros mar</c>, <c>srl</c></param>
        /// <param name="state">Only people in this state</param>
        /// <param name="cursor">The <c>cursor</c> of the answer before, with the same <c>query</c> and <c>state</c></param>
        /// <param name="limit">How many people at most</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<People> ListUsersAsync(
            string query = null,
            string state = null,
            string cursor = null,
            long? limit = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/users",
                IsRepeatable = true,
            };
            call.Query("query", query);
            call.Query("state", state);
            call.Query("cursor", cursor);
            call.Query("limit", limit);
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.People.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Import people who have linked Telegram elsewhere, with the same bot
        /// At most 500 rows in a request, and at most 256 KB. The people are told nothing. A row adds what is new and takes nothing back; a wrong row does not stop the others. The same request may be sent again at any time: it does what is missing. It also works while the site is switched off.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<ImportAnswer> ImportUsersAsync(
            ImportBody body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/users/import",
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.ImportAnswer.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Make a link with which a user links Telegram
        /// Show the link, or its QR code, to the user who is logged in to the site, and below it the line <c>startCommand</c>: Telegram Desktop now and then opens the bot without the token of the link, and then this line does it. It works once, for 24 hours or for the time given. A user who has a chat already gets one more, up to five; the chats that are there are told.
        /// </summary>
        /// <param name="userId">Passweb's id of the user: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<LinkToken> CreateLinkAsync(
            string userId,
            LinkBody body = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/users/" + Connection.PathId(userId) + "/link",
                Body = JsonWriter.Write(body ?? new LinkBody()),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.LinkToken.ReadFrom(reply.Json);
        }

        /// <summary>
        /// End the link to one chat, or all links of a user
        /// Names, switches, opt-outs and the log stay. Without <c>chat</c>, links that nobody has used yet stop working too.
        /// </summary>
        /// <param name="userId">Passweb's id of the user: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="chat">The number of the chat to unlink; absent: all</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 412 Precondition Failed, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task UnlinkUserAsync(
            string userId,
            long? chat = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("DELETE"),
                Path = "/v1/sites/" + site + "/users/" + Connection.PathId(userId) + "/link",
                IsRepeatable = true,
            };
            call.Query("chat", chat);
            await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>
        /// Link a user with what Telegram's login widget gave
        /// Send all fields of the widget as they came: Telegram has signed them. <c>groups</c>, a list, is ours, and no part of what is signed: the person's user groups, for a welcome that is for some groups only.
        /// </summary>
        /// <param name="userId">Passweb's id of the user: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<User> LinkByLoginWidgetAsync(
            string userId,
            LoginWidgetBody body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/users/" + Connection.PathId(userId) + "/telegram-login",
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.User.ReadFrom(reply.Json);
        }

        /// <summary>The state of a user and of their link</summary>
        /// <param name="userId">Passweb's id of the user: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<User> GetUserAsync(
            string userId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/users/" + Connection.PathId(userId),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.User.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Opt a user out or in, mute events, set quiet hours, note consent to advertising, correct names, language and time zone
        /// What is absent stays as it is; <c>null</c> removes a name. <c>by</c> says who opts out or in: <c>person</c> where the person ticked it themself on the site, which also works before they link. The opt-out of a person is taken back only by them.
        /// </summary>
        /// <param name="userId">Passweb's id of the user: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<User> ChangeUserAsync(
            string userId,
            UserPatch body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("PATCH"),
                Path = "/v1/sites/" + site + "/users/" + Connection.PathId(userId),
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.User.ReadFrom(reply.Json);
        }

        /// <summary>Erase all that is held about a user (GDPR, article 17)</summary>
        /// <param name="userId">Passweb's id of the user: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 412 Precondition Failed, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<ErasedAnswer> EraseUserAsync(
            string userId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("DELETE"),
                Path = "/v1/sites/" + site + "/users/" + Connection.PathId(userId),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.ErasedAnswer.ReadFrom(reply.Json);
        }

        /// <summary>
        /// All that is kept about a user (GDPR, articles 15 and 20)
        /// Also works while the site is off. An answer has at most 4,000 deliveries of the log. Where there are more, it has a <c>cursor</c>: ask again with it for the next ones; the other parts are the same in each answer. Messages that are on their way in a queue are in the log after their first attempt.
        /// </summary>
        /// <param name="userId">Passweb's id of the user: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="cursor">The <c>cursor</c> of the answer before</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<UserExport> ExportUserAsync(
            string userId,
            string cursor = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/users/" + Connection.PathId(userId) + "/export",
                IsRepeatable = true,
            };
            call.Query("cursor", cursor);
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.UserExport.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Give a user another id
        /// They keep chats, switches, opt-outs, log and what is scheduled. The same request may be sent again.
        /// </summary>
        /// <param name="userId">Passweb's id of the user: CLI/001 is written ~Q0xJLzAwMQ (see "Ids in paths" above)</param>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task RenameUserAsync(
            string userId,
            RenameBody body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/users/" + Connection.PathId(userId) + "/rename",
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>
        /// Who changed what on a site
        /// The newest first, kept for a year: settings, keys, the bot and templates, and the making and the end of the site. With a key of the site, its own changes; with that of the platform, those of each site that has had the id, also after it was deleted. Never a secret, no text of a template, and nothing about people.
        /// </summary>
        /// <param name="cursor">The <c>cursor</c> of the page before</param>
        /// <param name="limit">How many at most</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Audit> ListChangesAsync(
            string cursor = null,
            long? limit = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/audit",
                IsRepeatable = true,
            };
            call.Query("cursor", cursor);
            call.Query("limit", limit);
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.Audit.ReadFrom(reply.Json);
        }

        /// <summary>
        /// The settings of a site
        /// With a key of the site, or with that of the platform.
        /// </summary>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<Site>> GetSiteAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site,
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<Site>(PasswebTelegram.Site.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Change settings
        /// With a key of the site: any of its settings. With the key of the platform: <c>moduleActive</c> alone. What is absent stays as it is. All of it is changed, or nothing.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<ChangedSettings>> ChangeSiteAsync(
            ChangeSiteBody body,
            string ifMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("PATCH"),
                Path = "/v1/sites/" + site,
                IfMatch = ifMatch,
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<ChangedSettings>(PasswebTelegram.ChangedSettings.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Save the bot of a site
        /// Telegram is asked whose token it is; webhook, commands and descriptions are set; the token is kept encrypted and never shown again. After a change to another bot its users have to start that one. A bot belongs to one site: where another site has it, or where its webhook leads to another program, the answer is 409 with a <c>code</c>, unless <c>takeOver</c> is true. The site that loses it shows the problem <c>bot-taken-over</c> and sends nothing more with it.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="ifNoneMatch"><c>*</c>: it is made only if there is none yet.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 502 Bad Gateway, 503 Service Unavailable</exception>
        public async Task<Tagged<Site>> PutBotAsync(
            BotBody body,
            string ifMatch = null,
            string ifNoneMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("PUT"),
                Path = "/v1/sites/" + site + "/bot",
                IfMatch = ifMatch,
                IfNoneMatch = ifNoneMatch,
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<Site>(PasswebTelegram.Site.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Set the bot's picture, such as the shop's logo
        /// Telegram shows it beside the name of the bot, round. It is not kept here.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 502 Bad Gateway, 503 Service Unavailable</exception>
        public async Task<Tagged<Site>> PutBotPhotoAsync(
            BotPhotoBody body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("PUT"),
                Path = "/v1/sites/" + site + "/bot/photo",
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<Site>(PasswebTelegram.Site.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>Test the connection ("Test Connessione")</summary>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<BotTest> TestBotAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/bot/test",
                Body = "{}",
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.BotTest.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Begin to get a bot without @BotFather
        /// The answer has the link with which a person opens the manager bot of this deployment, which then offers a button to make the bot. Only a bot that this person makes afterwards counts, and of several sites the one whose link they opened last. The token is fetched, and webhook, commands and descriptions are set, by themselves: ask for the state until it is <c>done</c> or <c>failed</c>. A link is valid for half an hour, once; a new one ends the one before.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 502 Bad Gateway, 503 Service Unavailable</exception>
        public async Task<ManagedBot> BeginManagedBotAsync(
            ManagedBotBody body = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/bot/managed",
                Body = JsonWriter.Write(body ?? new ManagedBotBody()),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.ManagedBot.ReadFrom(reply.Json);
        }

        /// <summary>
        /// How far it has come
        /// Where the setting up has died on the way, this goes on with it. A day after it was begun, the state is <c>none</c>.
        /// </summary>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<ManagedBot> GetManagedBotAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/bot/managed",
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.ManagedBot.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Give it up
        /// The link is good for nothing from then on. A bot that the site has got by it stays.
        /// </summary>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">401 Unauthorized, 404 Not Found, 412 Precondition Failed, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task GiveUpManagedBotAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("DELETE"),
                Path = "/v1/sites/" + site + "/bot/managed",
                IsRepeatable = true,
            };
            await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>
        /// Replace the bot's token
        /// For a bot that was made with the manager bot (<c>managed</c> in the site). The old token stops at once, and messages go out with the new one.
        /// </summary>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 502 Bad Gateway, 503 Service Unavailable</exception>
        public async Task<Tagged<Site>> RenewBotTokenAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/bot/renew",
                Body = "{}",
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<Site>(PasswebTelegram.Site.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// The kinds of templates, and their placeholders
        /// In Italian and English, with an example of each value as people read it. <c>mayBeMissing</c>: some events or people have no value, so a text puts it into a section, <c>{{#nome}} {{nome}}{{/nome}}</c>. It needs no key.
        /// </summary>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">429 More requests than this deployment takes: wait, and send the same request again, 500 Internal Server Error</exception>
        public async Task<PlaceholdersAnswer> ListPlaceholdersAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/placeholders",
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.PlaceholdersAnswer.ReadFrom(reply.Json);
        }

        /// <summary>All templates of a site</summary>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">401 Unauthorized, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<TemplatesAnswer> ListTemplatesAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/templates",
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.TemplatesAnswer.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Create a template
        /// Every language of the site needs a text. <c>statuses</c> are for <c>order-status</c> alone, and needed there. Without <c>enabled</c> it is enabled. The eleventh enabled template of a kind (of <c>order-status</c>: for a status) is refused.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<SavedTemplate>> CreateTemplateAsync(
            TemplateBody body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/templates",
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<SavedTemplate>(PasswebTelegram.SavedTemplate.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>One template</summary>
        /// <param name="templateId">The id of the template</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<Template>> GetTemplateAsync(
            string templateId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/templates/" + Connection.PathId(templateId),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<Template>(PasswebTelegram.Template.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Replace a template
        /// It keeps its id and the time of its creation. Without <c>enabled</c> it stays as it is. <c>"enabled": false</c> keeps the text and sends nothing. One more enabled than ten of a kind (of <c>order-status</c>: for a status) is refused.
        /// </summary>
        /// <param name="templateId">The id of the template</param>
        /// <param name="body">What is sent.</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<SavedTemplate>> ReplaceTemplateAsync(
            string templateId,
            TemplateBody body,
            string ifMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("PUT"),
                Path = "/v1/sites/" + site + "/templates/" + Connection.PathId(templateId),
                IfMatch = ifMatch,
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<SavedTemplate>(PasswebTelegram.SavedTemplate.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Change some fields of a template
        /// JSON Merge Patch (RFC 7396): what is absent stays as it is, also the texts in other languages; <c>null</c> removes statuses, groups, a button, or the text in a language. The template must then be right as a whole.
        /// </summary>
        /// <param name="templateId">The id of the template</param>
        /// <param name="body">What is sent.</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<SavedTemplate>> ChangeTemplateAsync(
            string templateId,
            TemplatePatch body,
            string ifMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("PATCH"),
                Path = "/v1/sites/" + site + "/templates/" + Connection.PathId(templateId),
                IfMatch = ifMatch,
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<SavedTemplate>(PasswebTelegram.SavedTemplate.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Delete a template
        /// What was queued with it is still sent.
        /// </summary>
        /// <param name="templateId">The id of the template</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 412 Precondition Failed, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task DeleteTemplateAsync(
            string templateId,
            string ifMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("DELETE"),
                Path = "/v1/sites/" + site + "/templates/" + Connection.PathId(templateId),
                IfMatch = ifMatch,
                IsRepeatable = true,
            };
            await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>
        /// The last versions of a template
        /// The 20 last ones, the newest first, which is the present one unless the template was deleted. <c>version</c> is the ETag of the template in that version. <c>at</c> and <c>by</c> are absent where an earlier release of this API has made the change. Of a deleted template the versions are kept for a year.
        /// </summary>
        /// <param name="templateId">The id of the template</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<TemplateVersions> ListTemplateVersionsAsync(
            string templateId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/templates/" + Connection.PathId(templateId) + "/versions",
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.TemplateVersions.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Restore a version of a template, or its default
        /// What is restored becomes the newest version. Whether the template is enabled stays as it is; with the default, so do its groups, and its texts in languages that the default does not have. A deleted template is there again as it was in that version.
        /// </summary>
        /// <param name="templateId">The id of the template</param>
        /// <param name="body">What is sent.</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<SavedTemplate>> RestoreTemplateAsync(
            string templateId,
            RestoreBody body,
            string ifMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/templates/" + Connection.PathId(templateId) + "/restore",
                IfMatch = ifMatch,
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<SavedTemplate>(PasswebTelegram.SavedTemplate.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Render a draft with sample values
        /// Nothing is stored and nothing is sent. <c>values</c> take the place of the sample values; <c>null</c> shows the message without one.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<PreviewsAnswer> PreviewTemplateAsync(
            PreviewBody body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/templates/preview",
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.PreviewsAnswer.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Send a draft to one user, as a test, before it is saved
        /// What the preview takes, and who gets it. Nothing is stored. With sample values and the user's own names. The log marks it as a test.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<TestSent> TestDraftAsync(
            DraftTestBody body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/templates/test",
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.TestSent.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Send a template to one user, as a test
        /// With sample values and the user's own names, enabled or not. The log marks it as a test.
        /// </summary>
        /// <param name="templateId">The id of the template</param>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 404 Not Found, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<TestSent> TestTemplateAsync(
            string templateId,
            TestBody body,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/templates/" + Connection.PathId(templateId) + "/test",
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.TestSent.ReadFrom(reply.Json);
        }

        /// <summary>
        /// The log, newest first
        /// As JSON, or with <c>Accept: text/csv</c> as a file for a spreadsheet, in Italian or English (<c>Accept-Language</c>). A page has at most <c>limit</c> deliveries. Where the answer has a <c>cursor</c>, there are more: ask again with it and the same parameters. New deliveries move no page. With <c>event</c> or <c>status</c> a page may be short, or empty, and still have a <c>cursor</c>. A delivery that is tried again moves to the time of its last attempt. Deliveries are kept 90 days. What is still to come is shown with <c>status=scheduled</c> only, in no order of time. A file has the separator <c>;</c>, the encoding UTF-8 with a byte order mark, times of the site as <c>YYYY-MM-DD hh:mm:ss</c>, and an apostrophe before a text that a spreadsheet would take for a formula or a number; where there is more, the header <c>Link</c> leads to the next file.
        /// </summary>
        /// <param name="userId">Only those to this user</param>
        /// <param name="eventId">Only those of this event</param>
        /// <param name="event">One of order-status, abandoned-cart, message-sent, message-read, activity-status, activity-viewed, activity-reminder, file-upload, file-access, welcome, staff-new-order, staff-failures, staff-bot-refused, staff-module-off</param>
        /// <param name="status">What became of it</param>
        /// <param name="from">Only those recorded at this time or later</param>
        /// <param name="to">Only those recorded at this time or before</param>
        /// <param name="totals"><c>true</c>: also how many lines there are, by state</param>
        /// <param name="cursor">The <c>cursor</c> of the page before</param>
        /// <param name="limit">How many; without it 50, and 5000 in a file</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 406 Not Acceptable, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<DeliveriesAnswer> ListDeliveriesAsync(
            string userId = null,
            string eventId = null,
            string @event = null,
            string status = null,
            DateTimeOffset? @from = null,
            DateTimeOffset? @to = null,
            string totals = null,
            string cursor = null,
            long? limit = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/deliveries",
                IsRepeatable = true,
            };
            call.Query("userId", userId);
            call.Query("eventId", eventId);
            call.Query("event", @event);
            call.Query("status", status);
            call.Query("from", @from);
            call.Query("to", @to);
            call.Query("totals", totals);
            call.Query("cursor", cursor);
            call.Query("limit", limit);
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.DeliveriesAnswer.ReadFrom(reply.Json);
        }

        /// <summary>
        /// The log, newest first
        /// As JSON, or with <c>Accept: text/csv</c> as a file for a spreadsheet, in Italian or English (<c>Accept-Language</c>). A page has at most <c>limit</c> deliveries. Where the answer has a <c>cursor</c>, there are more: ask again with it and the same parameters. New deliveries move no page. With <c>event</c> or <c>status</c> a page may be short, or empty, and still have a <c>cursor</c>. A delivery that is tried again moves to the time of its last attempt. Deliveries are kept 90 days. What is still to come is shown with <c>status=scheduled</c> only, in no order of time. A file has the separator <c>;</c>, the encoding UTF-8 with a byte order mark, times of the site as <c>YYYY-MM-DD hh:mm:ss</c>, and an apostrophe before a text that a spreadsheet would take for a formula or a number; where there is more, the header <c>Link</c> leads to the next file.
        /// </summary>
        /// <param name="userId">Only those to this user</param>
        /// <param name="eventId">Only those of this event</param>
        /// <param name="event">One of order-status, abandoned-cart, message-sent, message-read, activity-status, activity-viewed, activity-reminder, file-upload, file-access, welcome, staff-new-order, staff-failures, staff-bot-refused, staff-module-off</param>
        /// <param name="status">What became of it</param>
        /// <param name="from">Only those recorded at this time or later</param>
        /// <param name="to">Only those recorded at this time or before</param>
        /// <param name="totals"><c>true</c>: also how many lines there are, by state</param>
        /// <param name="cursor">The <c>cursor</c> of the page before</param>
        /// <param name="limit">How many; without it 50, and 5000 in a file</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 406 Not Acceptable, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<string> ListDeliveriesAsCsvAsync(
            string userId = null,
            string eventId = null,
            string @event = null,
            string status = null,
            DateTimeOffset? @from = null,
            DateTimeOffset? @to = null,
            string totals = null,
            string cursor = null,
            long? limit = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/deliveries",
                Accept = "text/csv",
                IsRepeatable = true,
            };
            call.Query("userId", userId);
            call.Query("eventId", eventId);
            call.Query("event", @event);
            call.Query("status", status);
            call.Query("from", @from);
            call.Query("to", @to);
            call.Query("totals", totals);
            call.Query("cursor", cursor);
            call.Query("limit", limit);
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return reply.Body;
        }

        /// <summary>One delivery</summary>
        /// <param name="deliveryId">As the answer to the event named it</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Delivery> GetDeliveryAsync(
            string deliveryId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/deliveries/" + Connection.PathId(deliveryId),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.Delivery.ReadFrom(reply.Json);
        }

        /// <summary>
        /// What is still to come
        /// Carts and reminders that wait for their time, and messages that wait for their turn, with why and until when; one line for each person, in no order of time. A page may be short, or empty, and still have a <c>cursor</c>.
        /// </summary>
        /// <param name="userId">Only what is for this user</param>
        /// <param name="event">One of order-status, abandoned-cart, message-sent, message-read, activity-status, activity-viewed, activity-reminder, file-upload, file-access, welcome, staff-new-order, staff-failures, staff-bot-refused, staff-module-off</param>
        /// <param name="cursor">The <c>cursor</c> of the page before</param>
        /// <param name="limit">How many at most</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<ScheduledPage> ListScheduledAsync(
            string userId = null,
            string @event = null,
            string cursor = null,
            long? limit = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/scheduled",
                IsRepeatable = true,
            };
            call.Query("userId", userId);
            call.Query("event", @event);
            call.Query("cursor", cursor);
            call.Query("limit", limit);
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.ScheduledPage.ReadFrom(reply.Json);
        }

        /// <summary>
        /// How much was sent, by day
        /// Counted by day of the site's time zone and by event, each outcome on the day on which it was recorded. Tests of templates do not count. An answer has at most 366 days; the counts are kept for two years.
        /// </summary>
        /// <param name="from">The first day; without it the 30 days up to <c>to</c></param>
        /// <param name="to">The last day, included; today without it</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Statistics> GetStatisticsAsync(
            string @from = null,
            string @to = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/statistics",
                IsRepeatable = true,
            };
            call.Query("from", @from);
            call.Query("to", @to);
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.Statistics.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Sends a message of the log once more
        /// With the same text, to where the person can be reached now; whether they still want it is looked at again. The message gets a line of its own in the log. The same request again does nothing while the message is on its way, and for a minute after. A message can be sent again for 7 days (<c>resendableUntil</c>), and 10 times. Where no message was made (<c>never-rendered</c>), report the event again with the same <c>eventId</c>.
        /// </summary>
        /// <param name="deliveryId">As the answer to the event named it</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 403 Forbidden, 404 Not Found, 409 Conflict, 410 Gone, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Resent> ResendDeliveryAsync(
            string deliveryId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/deliveries/" + Connection.PathId(deliveryId) + "/resend",
                Body = "{}",
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.Resent.ReadFrom(reply.Json);
        }

        /// <summary>
        /// The webhook, and its last calls
        /// The <c>ETag</c> is that of what was saved: calls, pauses and problems do not change it, so a 304 says nothing of them.
        /// </summary>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<Webhook>> GetWebhookAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + site + "/webhook",
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<Webhook>(PasswebTelegram.Webhook.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Have the shop's own system told what happens
        /// What happens is sent as [Standard Webhooks](https://www.standardwebhooks.com/): headers <c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>; body <c>{ "type", "timestamp", "data" }</c>. The answer has a new <c>secret</c>, shown this once; the former one stays valid for a day, and calls carry the signatures of both. At most four are valid at once: a fifth ends the oldest at once, although another <c>validUntil</c> was shown for it; <c>secrets</c> of the answer has those that are left. With <c>keepSecret</c> it stays as it is. What is not taken (2xx, within 10 seconds) is tried again for a day, after growing pauses. An endpoint that answers 410, or has taken nothing for five days, is switched off, with a <c>problem</c>; saving it again switches it on, and what still waits is told. docs/webhooks.md has every event, and code that checks a signature.
        /// </summary>
        /// <param name="body">What is sent.</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="ifNoneMatch"><c>*</c>: it is made only if there is none yet.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<SavedWebhook>> PutWebhookAsync(
            WebhookBody body,
            string ifMatch = null,
            string ifNoneMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("PUT"),
                Path = "/v1/sites/" + site + "/webhook",
                IfMatch = ifMatch,
                IfNoneMatch = ifNoneMatch,
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<SavedWebhook>(PasswebTelegram.SavedWebhook.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Tell nothing any more
        /// What waits is dropped. Without a webhook the answer is 204 too.
        /// </summary>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 412 Precondition Failed, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task DeleteWebhookAsync(
            string ifMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("DELETE"),
                Path = "/v1/sites/" + site + "/webhook",
                IfMatch = ifMatch,
                IsRepeatable = true,
            };
            await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>
        /// Call the endpoint once, now
        /// It gets <c>{ "type": "webhook.test", "timestamp": …, "data": { "siteId": … } }</c>, signed like everything else. It is called once, also where it is switched off.
        /// </summary>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<WebhookTest> TestWebhookAsync(
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + site + "/webhook/test",
                Body = "{}",
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.WebhookTest.ReadFrom(reply.Json);
        }
    }

    /// <summary>What the key of the platform opens: every site, but little of each. It may be used by many threads at once.</summary>
    public sealed class PlatformClient
    {
        private readonly Connection connection;

        /// <param name="baseUrl">The address of the API, such as <c>https://telegram.example</c>.</param>
        /// <param name="platformKey">The key of the platform.</param>
        /// <param name="options">May be left out.</param>
        public PlatformClient(string baseUrl, string platformKey, ClientOptions options = null)
        {
            connection = new Connection(baseUrl, platformKey, options);
        }

        /// <summary>
        /// All sites, or those that are found
        /// <c>query</c>: beginnings of words of the id, the name, the address or the username of the bot, in capital letters or not, with accents or not; a site is found if it has each of them. Without it, all sites in the order of their ids.
        /// </summary>
        /// <param name="query">Beginnings of words</param>
        /// <param name="cursor">The <c>cursor</c> of the page before</param>
        /// <param name="limit">How many at most</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 429 More requests than this deployment takes: wait, and send the same request again, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<SiteList> ListSitesAsync(
            string query = null,
            string cursor = null,
            long? limit = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites",
                IsRepeatable = true,
            };
            call.Query("query", query);
            call.Query("cursor", cursor);
            call.Query("limit", limit);
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.SiteList.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Who changed what on a site
        /// The newest first, kept for a year: settings, keys, the bot and templates, and the making and the end of the site. With a key of the site, its own changes; with that of the platform, those of each site that has had the id, also after it was deleted. Never a secret, no text of a template, and nothing about people.
        /// </summary>
        /// <param name="siteId">The shop</param>
        /// <param name="cursor">The <c>cursor</c> of the page before</param>
        /// <param name="limit">How many at most</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Audit> ListChangesAsync(
            string siteId,
            string cursor = null,
            long? limit = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + Connection.PathId(siteId) + "/audit",
                IsRepeatable = true,
            };
            call.Query("cursor", cursor);
            call.Query("limit", limit);
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.Audit.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Create a site, rename it, move it, switch its module on or off
        /// Switching the module off keeps everything; nothing is sent until it is on again. With another host in <c>url</c> the shop moves: links of events may be on the former host for 90 days, and all that is sent from now on is written with the new one.
        /// </summary>
        /// <param name="siteId">The shop</param>
        /// <param name="body">What is sent.</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="ifNoneMatch"><c>*</c>: it is made only if there is none yet.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 More requests than this deployment takes: wait, and send the same request again, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<PutSiteAnswer>> PutSiteAsync(
            string siteId,
            SiteBody body,
            string ifMatch = null,
            string ifNoneMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("PUT"),
                Path = "/v1/sites/" + Connection.PathId(siteId),
                IfMatch = ifMatch,
                IfNoneMatch = ifNoneMatch,
                Body = JsonWriter.Write(body),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<PutSiteAnswer>(PasswebTelegram.PutSiteAnswer.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// The settings of a site
        /// With a key of the site, or with that of the platform.
        /// </summary>
        /// <param name="siteId">The shop</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<Site>> GetSiteAsync(
            string siteId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + Connection.PathId(siteId),
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<Site>(PasswebTelegram.Site.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Change settings
        /// With a key of the site: any of its settings. With the key of the platform: <c>moduleActive</c> alone. What is absent stays as it is. All of it is changed, or nothing.
        /// </summary>
        /// <param name="siteId">The shop</param>
        /// <param name="body">What is sent.</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 Too Many Requests, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<Tagged<ChangedSettings>> ChangeSiteAsync(
            string siteId,
            ChangeSiteBody body,
            string ifMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("PATCH"),
                Path = "/v1/sites/" + Connection.PathId(siteId),
                IfMatch = ifMatch,
                Body = JsonWriter.Write(body),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return new Tagged<ChangedSettings>(PasswebTelegram.ChangedSettings.ReadFrom(reply.Json), reply.ETag);
        }

        /// <summary>
        /// Erase a site with all that belongs to it
        /// The site is shut at once: its keys are answered 401 like those of an unknown site, nothing more is sent for it, the webhook of its bot is removed, and other sites may have the bot. Its rows in all tables are gone within a day; until then <c>PUT</c> of the same id is answered 409. What is in queues is dropped. The same request again is answered 204 too, for 40 days.
        /// </summary>
        /// <param name="siteId">The shop</param>
        /// <param name="ifMatch">The <c>ETag</c> of an earlier answer: the change is made only if nobody has changed it since.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 412 Precondition Failed, 429 More requests than this deployment takes: wait, and send the same request again, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task DeleteSiteAsync(
            string siteId,
            string ifMatch = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("DELETE"),
                Path = "/v1/sites/" + Connection.PathId(siteId),
                IfMatch = ifMatch,
                IsRepeatable = true,
            };
            await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }

        /// <summary>The ids of the valid keys of a site, the oldest first</summary>
        /// <param name="siteId">The shop</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">401 Unauthorized, 404 Not Found, 429 More requests than this deployment takes: wait, and send the same request again, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<KeysAnswer> ListKeysAsync(
            string siteId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("GET"),
                Path = "/v1/sites/" + Connection.PathId(siteId) + "/keys",
                IsRepeatable = true,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.KeysAnswer.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Make a second key
        /// Both are valid until the old one is deleted: so keys are changed without a gap. <c>name</c> is what the audit calls it, such as the system that uses it.
        /// </summary>
        /// <param name="siteId">The shop</param>
        /// <param name="body">What is sent.</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 409 Conflict, 412 Precondition Failed, 413 Content Too Large, 415 Unsupported Media Type, 429 More requests than this deployment takes: wait, and send the same request again, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<NewKey> CreateKeyAsync(
            string siteId,
            KeyBody body = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + Connection.PathId(siteId) + "/keys",
                Body = JsonWriter.Write(body ?? new KeyBody()),
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.NewKey.ReadFrom(reply.Json);
        }

        /// <summary>
        /// Make a link that signs in to the site's console
        /// For a click of the merchant in the back office of the platform: open <c>url</c> in their browser at once. It is good for ten minutes, and once. Whoever has it is signed in for eight hours, or until the key that made it is no longer valid: do not send it by mail.
        /// </summary>
        /// <param name="siteId">The shop</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">401 Unauthorized, 404 Not Found, 412 Precondition Failed, 429 More requests than this deployment takes: wait, and send the same request again, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task<ConsoleLink> CreateConsoleLinkAsync(
            string siteId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("POST"),
                Path = "/v1/sites/" + Connection.PathId(siteId) + "/console-links",
                IsRepeatable = false,
            };
            var reply = await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
            return PasswebTelegram.ConsoleLink.ReadFrom(reply.Json);
        }

        /// <summary>Make a key invalid</summary>
        /// <param name="siteId">The shop</param>
        /// <param name="keyId">The first 8 hexadecimal digits of the SHA-256 of the key</param>
        /// <param name="cancellationToken">Ends the call, also while it waits for the next try.</param>
        /// <exception cref="ProblemException">400 Bad Request, 401 Unauthorized, 404 Not Found, 409 Conflict, 412 Precondition Failed, 429 More requests than this deployment takes: wait, and send the same request again, 500 Internal Server Error, 503 Service Unavailable</exception>
        public async Task DeleteKeyAsync(
            string siteId,
            string keyId,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var call = new Call
            {
                Method = new HttpMethod("DELETE"),
                Path = "/v1/sites/" + Connection.PathId(siteId) + "/keys/" + Connection.PathId(keyId),
                IsRepeatable = true,
            };
            await connection.SendAsync(call, cancellationToken).ConfigureAwait(false);
        }
    }
}
