// Generated from docs/openapi.json by `npm run clients`: do not edit.
using System;
using System.Collections.Generic;

namespace PasswebTelegram
{
    /// <summary>A cart was abandoned</summary>
    public sealed class AbandonedCartEvent : IJsonObject
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When it happened; absent: when it is reported</summary>
        public DateTimeOffset? OccurredAt { get; set; }

        /// <summary>The language of the session in which it happened</summary>
        public string Language { get; set; }

        /// <summary>The cart</summary>
        public AbandonedCartEventCart Cart { get; set; }

        /// <summary>Whose cart it is</summary>
        public CartRecipient User { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("eventId", EventId);
            writer.Property("occurredAt", OccurredAt);
            writer.Property("language", Language);
            writer.Property("cart", Cart);
            writer.Property("user", User);
            writer.EndObject();
        }
    }

    /// <summary>The cart</summary>
    public sealed class AbandonedCartEventCart : IJsonObject
    {
        /// <summary>The id of the cart in the shop</summary>
        public string Id { get; set; }

        /// <summary>How many articles, without lines of expenses; may be a fraction, such as kilos</summary>
        public decimal? ItemCount { get; set; }

        /// <summary>What it costs</summary>
        public Money Total { get; set; }

        /// <summary>An <c>https</c> link on the site's own host or a subdomain of it (<c>http</c> too for a site whose own address is <c>http</c>)</summary>
        public string Url { get; set; }

        /// <summary>The page of the shop that fills the cart again: the button of the message leads there. Absent: to <c>url</c></summary>
        public string RecoveryUrl { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("itemCount", ItemCount);
            writer.Property("total", Total);
            writer.Property("url", Url);
            writer.Property("recoveryUrl", RecoveryUrl);
            writer.EndObject();
        }
    }

    /// <summary>Remind people of an activity</summary>
    public sealed class ActivityReminderEvent : IJsonObject
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When it happened; absent: when it is reported</summary>
        public DateTimeOffset? OccurredAt { get; set; }

        /// <summary>The activity of the agenda</summary>
        public ActivityReminderEventActivity Activity { get; set; }

        /// <summary>How many minutes before its date the recipients are told</summary>
        public int? RemindMinutesBefore { get; set; }

        /// <summary>How the activity repeats; absent: it does not</summary>
        public ActivityReminderEventRecurrence Recurrence { get; set; }

        /// <summary>Who made the activity</summary>
        public Person Creator { get; set; }

        /// <summary>Who is told</summary>
        public IList<Recipient> Recipients { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("eventId", EventId);
            writer.Property("occurredAt", OccurredAt);
            writer.Property("activity", Activity);
            writer.Property("remindMinutesBefore", RemindMinutesBefore);
            writer.Property("recurrence", Recurrence);
            writer.Property("creator", Creator);
            writer.Property("recipients", Recipients);
            writer.EndObject();
        }
    }

    /// <summary>The activity of the agenda</summary>
    public sealed class ActivityReminderEventActivity : IJsonObject
    {
        /// <summary>The id of the activity</summary>
        public string Id { get; set; }

        /// <summary>Its subject</summary>
        public string Subject { get; set; }

        /// <summary>When it takes place: a moment, or a whole day</summary>
        public string Date { get; set; }

        /// <summary>An <c>https</c> link on the site's own host or a subdomain of it (<c>http</c> too for a site whose own address is <c>http</c>)</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("subject", Subject);
            writer.Property("date", Date);
            writer.Property("url", Url);
            writer.EndObject();
        }
    }

    /// <summary>How the activity repeats; absent: it does not</summary>
    public sealed class ActivityReminderEventRecurrence : IJsonObject
    {
        /// <summary>How often</summary>
        public string Frequency { get; set; }

        /// <summary>How many times it takes place in all</summary>
        public int? Count { get; set; }

        /// <summary>The last day or moment on which it may take place</summary>
        public string Until { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("frequency", Frequency);
            writer.Property("count", Count);
            writer.Property("until", Until);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Frequency"/>.</summary>
        public static class FrequencyValues
        {
            public const string Daily = "daily";
            public const string Weekly = "weekly";
            public const string Monthly = "monthly";
            public const string Yearly = "yearly";
        }
    }

    /// <summary>An activity changed status</summary>
    public sealed class ActivityStatusEvent : IJsonObject
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When it happened; absent: when it is reported</summary>
        public DateTimeOffset? OccurredAt { get; set; }

        /// <summary>The activity of the agenda</summary>
        public ActivityStatusEventActivity Activity { get; set; }

        /// <summary>The status that it had</summary>
        public string OldStatus { get; set; }

        /// <summary>The status that it has now</summary>
        public string NewStatus { get; set; }

        /// <summary>Whoever acts in an event</summary>
        public Person ChangedBy { get; set; }

        /// <summary>Who made the activity</summary>
        public Recipient Creator { get; set; }

        /// <summary>Who is told</summary>
        public IList<Recipient> Recipients { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("eventId", EventId);
            writer.Property("occurredAt", OccurredAt);
            writer.Property("activity", Activity);
            writer.Property("oldStatus", OldStatus);
            writer.Property("newStatus", NewStatus);
            writer.Property("changedBy", ChangedBy);
            writer.Property("creator", Creator);
            writer.Property("recipients", Recipients);
            writer.EndObject();
        }
    }

    /// <summary>The activity of the agenda</summary>
    public sealed class ActivityStatusEventActivity : IJsonObject
    {
        /// <summary>The id of the activity</summary>
        public string Id { get; set; }

        /// <summary>Its subject</summary>
        public string Subject { get; set; }

        /// <summary>When it takes place: a moment, or a whole day</summary>
        public string Date { get; set; }

        /// <summary>An <c>https</c> link on the site's own host or a subdomain of it (<c>http</c> too for a site whose own address is <c>http</c>)</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("subject", Subject);
            writer.Property("date", Date);
            writer.Property("url", Url);
            writer.EndObject();
        }
    }

    /// <summary>An assignee opened an activity</summary>
    public sealed class ActivityViewedEvent : IJsonObject
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When it happened; absent: when it is reported</summary>
        public DateTimeOffset? OccurredAt { get; set; }

        /// <summary>The activity of the agenda</summary>
        public ActivityViewedEventActivity Activity { get; set; }

        /// <summary>Who has opened it</summary>
        public Person ViewedBy { get; set; }

        /// <summary>Who made the activity</summary>
        public Recipient Creator { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("eventId", EventId);
            writer.Property("occurredAt", OccurredAt);
            writer.Property("activity", Activity);
            writer.Property("viewedBy", ViewedBy);
            writer.Property("creator", Creator);
            writer.EndObject();
        }
    }

    /// <summary>The activity of the agenda</summary>
    public sealed class ActivityViewedEventActivity : IJsonObject
    {
        /// <summary>The id of the activity</summary>
        public string Id { get; set; }

        /// <summary>Its subject</summary>
        public string Subject { get; set; }

        /// <summary>When it takes place: a moment, or a whole day</summary>
        public string Date { get; set; }

        /// <summary>An <c>https</c> link on the site's own host or a subdomain of it (<c>http</c> too for a site whose own address is <c>http</c>)</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("subject", Subject);
            writer.Property("date", Date);
            writer.Property("url", Url);
            writer.EndObject();
        }
    }

    /// <summary>Who made a change: the platform, the key of a site, or this program</summary>
    public sealed class Actor
    {
        /// <summary>Whose key was sent; <c>terminal</c>: who runs this API, without its keys</summary>
        public string Caller { get; set; }

        /// <summary>The id of that key, as <c>GET …/keys</c> shows it. Keys of the platform are named to the platform alone</summary>
        public string KeyId { get; set; }

        /// <summary>What the key is called, if it has a name</summary>
        public string Name { get; set; }

        /// <summary><c>console</c>: by a person who had signed in to the console with that key, or with a link that was made with it</summary>
        public string Via { get; set; }

        internal static Actor ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Actor
            {
                Caller = JsonValue.Text(JsonValue.Get(found, "caller")),
                KeyId = JsonValue.Text(JsonValue.Get(found, "keyId")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
                Via = JsonValue.Text(JsonValue.Get(found, "via")),
            };
        }

        /// <summary>The values of <see cref="Caller"/>.</summary>
        public static class CallerValues
        {
            public const string Site = "site";
            public const string Platform = "platform";
            public const string Terminal = "terminal";
        }
    }

    /// <summary>A page of the changes of a site, the newest first</summary>
    public sealed class Audit
    {
        /// <summary>The requests that have changed something</summary>
        public IList<AuditEntry> Entries { get; set; }

        /// <summary>For the next page; absent on the last one</summary>
        public string Cursor { get; set; }

        internal static Audit ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Audit
            {
                Entries = JsonValue.List(JsonValue.Get(found, "entries"), PasswebTelegram.AuditEntry.ReadFrom),
                Cursor = JsonValue.Text(JsonValue.Get(found, "cursor")),
            };
        }
    }

    /// <summary>AuditEntry</summary>
    public sealed class AuditEntry
    {
        /// <summary>When</summary>
        public DateTimeOffset At { get; set; }

        /// <summary>Who made the request</summary>
        public Actor By { get; set; }

        /// <summary>What each has changed</summary>
        public IList<AuditEntryChange> Changes { get; set; }

        internal static AuditEntry ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new AuditEntry
            {
                At = JsonValue.Instant(JsonValue.Get(found, "at")).GetValueOrDefault(),
                By = PasswebTelegram.Actor.ReadFrom(JsonValue.Get(found, "by")),
                Changes = JsonValue.List(JsonValue.Get(found, "changes"), PasswebTelegram.AuditEntryChange.ReadFrom),
            };
        }
    }

    /// <summary>AuditEntryChange</summary>
    public sealed class AuditEntryChange
    {
        /// <summary>The kind of change</summary>
        public string Action { get; set; }

        /// <summary>The setting that changed</summary>
        public string Field { get; set; }

        /// <summary>What it was; absent: nothing</summary>
        public object From { get; set; }

        /// <summary>What it is since; absent: nothing</summary>
        public object To { get; set; }

        /// <summary>The first 8 hexadecimal digits of the SHA-256 of the key</summary>
        public string KeyId { get; set; }

        /// <summary>What the key is for</summary>
        public string Name { get; set; }

        /// <summary>The template</summary>
        public AuditEntryChangeTemplate Template { get; set; }

        /// <summary>What of it has changed</summary>
        public IList<string> Fields { get; set; }

        /// <summary>How many templates have changed</summary>
        public long? Count { get; set; }

        internal static AuditEntryChange ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new AuditEntryChange
            {
                Action = JsonValue.Text(JsonValue.Get(found, "action")),
                Field = JsonValue.Text(JsonValue.Get(found, "field")),
                From = JsonValue.Any(JsonValue.Get(found, "from")),
                To = JsonValue.Any(JsonValue.Get(found, "to")),
                KeyId = JsonValue.Text(JsonValue.Get(found, "keyId")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
                Template = PasswebTelegram.AuditEntryChangeTemplate.ReadFrom(JsonValue.Get(found, "template")),
                Fields = JsonValue.List(JsonValue.Get(found, "fields"), JsonValue.Text),
                Count = JsonValue.Int64(JsonValue.Get(found, "count")),
            };
        }

        /// <summary>The values of <see cref="Action"/>.</summary>
        public static class ActionValues
        {
            public const string SiteCreated = "site-created";
            public const string SiteDeleted = "site-deleted";
            public const string SettingChanged = "setting-changed";
            public const string KeyAdded = "key-added";
            public const string KeyRemoved = "key-removed";
            public const string BotSaved = "bot-saved";
            public const string TemplateCreated = "template-created";
            public const string TemplateDeleted = "template-deleted";
            public const string TemplateChanged = "template-changed";
            public const string TemplatesChanged = "templates-changed";
        }
    }

    /// <summary>The template</summary>
    public sealed class AuditEntryChangeTemplate
    {
        /// <summary>Its id</summary>
        public string Id { get; set; }

        /// <summary>The merchant's name for it</summary>
        public string Name { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        internal static AuditEntryChangeTemplate ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new AuditEntryChangeTemplate
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
            };
        }

        /// <summary>The values of <see cref="Event"/>.</summary>
        public static class EventValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }
    }

    /// <summary>The bot that the site sends with</summary>
    public sealed class BotBody : IJsonObject
    {
        /// <summary>As @BotFather gave it, or the whole message in which he did</summary>
        public string Token { get; set; }

        /// <summary>With or without @; where it is given, the token has to be of that bot</summary>
        public string Username { get; set; }

        /// <summary>Whether to take the bot from another site, or from another program, that has it now</summary>
        public bool? TakeOver { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("token", Token);
            writer.Property("username", Username);
            writer.Property("takeOver", TakeOver);
            writer.EndObject();
        }
    }

    /// <summary>The picture of the bot</summary>
    public sealed class BotPhotoBody : IJsonObject
    {
        /// <summary>A JPEG in base64, about square: at most 190 KB, because a body may have 256 KB</summary>
        public string Jpeg { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("jpeg", Jpeg);
            writer.EndObject();
        }
    }

    /// <summary>What works, and what does not</summary>
    public sealed class BotTest
    {
        /// <summary>Whether all checks were passed</summary>
        public bool Works { get; set; }

        /// <summary>The bot, as Telegram names it; absent where Telegram does not accept the token</summary>
        public BotTestBot Bot { get; set; }

        /// <summary>Each check, in the order in which they were made</summary>
        public IList<BotTestCheck> Checks { get; set; }

        internal static BotTest ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new BotTest
            {
                Works = JsonValue.Boolean(JsonValue.Get(found, "works")).GetValueOrDefault(),
                Bot = PasswebTelegram.BotTestBot.ReadFrom(JsonValue.Get(found, "bot")),
                Checks = JsonValue.List(JsonValue.Get(found, "checks"), PasswebTelegram.BotTestCheck.ReadFrom),
            };
        }
    }

    /// <summary>The bot, as Telegram names it; absent where Telegram does not accept the token</summary>
    public sealed class BotTestBot
    {
        /// <summary>The number of the bot at Telegram, as text: the digits before the ":" of its token</summary>
        public string Id { get; set; }

        /// <summary>The username of the bot, without @</summary>
        public string Username { get; set; }

        /// <summary>The name of the bot, as people see it</summary>
        public string Name { get; set; }

        internal static BotTestBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new BotTestBot
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Username = JsonValue.Text(JsonValue.Get(found, "username")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
            };
        }
    }

    /// <summary>BotTestCheck</summary>
    public sealed class BotTestCheck
    {
        /// <summary>What was looked at</summary>
        public string Check { get; set; }

        /// <summary>What came out; <c>not-checked</c> where an earlier one had failed</summary>
        public string Status { get; set; }

        /// <summary>The result in a sentence</summary>
        public string Detail { get; set; }

        /// <summary>What to do about it; absent where it works</summary>
        public string NextStep { get; set; }

        internal static BotTestCheck ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new BotTestCheck
            {
                Check = JsonValue.Text(JsonValue.Get(found, "check")),
                Status = JsonValue.Text(JsonValue.Get(found, "status")),
                Detail = JsonValue.Text(JsonValue.Get(found, "detail")),
                NextStep = JsonValue.Text(JsonValue.Get(found, "nextStep")),
            };
        }

        /// <summary>The values of <see cref="Check"/>.</summary>
        public static class CheckValues
        {
            public const string Token = "token";
            public const string Username = "username";
            public const string Webhook = "webhook";
            public const string Updates = "updates";
        }

        /// <summary>The values of <see cref="Status"/>.</summary>
        public static class StatusValues
        {
            public const string Works = "works";
            public const string Broken = "broken";
            public const string NotChecked = "not-checked";
        }
    }

    /// <summary>Whose cart it is: as <c>Recipient</c>, with what the shop knows of their consent to advertising, which every message about the cart after the first one needs</summary>
    public sealed class CartRecipient : IJsonObject
    {
        /// <summary>Passweb's id of the person</summary>
        public string Id { get; set; }

        /// <summary>The first name; companies have none</summary>
        public string FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public string LastName { get; set; }

        /// <summary>The name of the company</summary>
        public string CompanyName { get; set; }

        /// <summary>The user groups of the shop they are in</summary>
        public IList<string> Groups { get; set; }

        /// <summary>BCP 47</summary>
        public string Language { get; set; }

        /// <summary>What the person is to the shop</summary>
        public string Kind { get; set; }

        /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
        public MarketingConsent MarketingConsent { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("firstName", FirstName);
            writer.Property("lastName", LastName);
            writer.Property("companyName", CompanyName);
            writer.Property("groups", Groups);
            writer.Property("language", Language);
            writer.Property("kind", Kind);
            writer.Property("marketingConsent", MarketingConsent);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Kind"/>.</summary>
        public static class KindValues
        {
            public const string Customer = "customer";
            public const string ReservedArea = "reserved-area";
            public const string Agent = "agent";
            public const string Administrator = "administrator";
        }
    }

    /// <summary>ChangeSiteBody</summary>
    public sealed class ChangeSiteBody : IJsonObject
    {
        /// <summary>Whether the integration is switched on; off, nothing is sent and everything is kept</summary>
        public bool? Active { get; set; }

        /// <summary>BCP 47; every template needs a text in each</summary>
        public IList<string> Languages { get; set; }

        /// <summary>One of <c>languages</c></summary>
        public string DefaultLanguage { get; set; }

        /// <summary>IANA name, such as <c>Europe/Rome</c>: dates are shown in it</summary>
        public string TimeZone { get; set; }

        /// <summary>When no phone rings, by the clock of whoever gets the message (<c>silent</c>: messages go out without a sound; <c>after</c>: they wait); <c>null</c>: phones ring at all hours</summary>
        public Optional<QuietHours> QuietHours { get; set; }

        /// <summary>How long after a cart was abandoned its user is told; fractions are allowed</summary>
        public decimal? AbandonedCartHours { get; set; }

        /// <summary>Further messages about an abandoned cart, one or two. They are advertising, and go only to people of whom <c>marketingConsent</c> is given (in the event, or stored); the first message needs no consent. They end with the order, a newer cart, the opt-out; what was sent is taken back when the order comes. <c>null</c>: one message</summary>
        public Optional<ChangeSiteBodyCartSeries> CartSeries { get; set; }

        /// <summary>Groups with "Gestione Telegram"; none named: no limit</summary>
        public IList<string> TelegramGroups { get; set; }

        /// <summary>Whether documents uploaded by the back office notify</summary>
        public bool? Docuvision { get; set; }

        /// <summary>Who works in the shop: users of the site, and what they are told of it; the whole list each time. Empty, or <c>null</c>: nobody</summary>
        public Optional<IList<ChangeSiteBodyStaffEntry>> Staff { get; set; }

        /// <summary>How customers reach the merchant; <c>null</c> takes it away</summary>
        public Optional<string> MerchantContact { get; set; }

        /// <summary>The https address of the shop's privacy notice; <c>null</c> takes it away</summary>
        public Optional<string> PrivacyUrl { get; set; }

        /// <summary>By language: the text of the button of every message about an order, in place of all its texts so far; placeholders of <c>order-status</c>, no HTML, 64 characters. A template's own <c>button</c> replaces it; <c>null</c> takes it away</summary>
        public Optional<IDictionary<string, string>> OrderButton { get; set; }

        /// <summary>The same for <c>abandoned-cart</c></summary>
        public Optional<IDictionary<string, string>> CartButton { get; set; }

        /// <summary>Whether the links to the shop in its messages are counted: they lead through <c>GET /c/{code}</c>, and the log shows when they were opened</summary>
        public bool? CountClicks { get; set; }

        /// <summary>How the bot, our pages and the unchanged default templates address people in Italian: <c>tu</c>, or the formal <c>lei</c></summary>
        public string Tone { get; set; }

        /// <summary>Whether the shop has bought the Telegram module; only the platform can change it</summary>
        public bool? ModuleActive { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("active", Active);
            writer.Property("languages", Languages);
            writer.Property("defaultLanguage", DefaultLanguage);
            writer.Property("timeZone", TimeZone);
            writer.Property("quietHours", QuietHours);
            writer.Property("abandonedCartHours", AbandonedCartHours);
            writer.Property("cartSeries", CartSeries);
            writer.Property("telegramGroups", TelegramGroups);
            writer.Property("docuvision", Docuvision);
            writer.Property("staff", Staff);
            writer.Property("merchantContact", MerchantContact);
            writer.Property("privacyUrl", PrivacyUrl);
            writer.Property("orderButton", OrderButton);
            writer.Property("cartButton", CartButton);
            writer.Property("countClicks", CountClicks);
            writer.Property("tone", Tone);
            writer.Property("moduleActive", ModuleActive);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Tone"/>.</summary>
        public static class ToneValues
        {
            public const string Tu = "tu";
            public const string Lei = "lei";
        }
    }

    /// <summary>Further messages about an abandoned cart, one or two. They are advertising, and go only to people of whom <c>marketingConsent</c> is given (in the event, or stored); the first message needs no consent. They end with the order, a newer cart, the opt-out; what was sent is taken back when the order comes. <c>null</c>: one message</summary>
    public sealed class ChangeSiteBodyCartSeries : IJsonObject
    {
        /// <summary>The second message, and the third</summary>
        public IList<ChangeSiteBodyCartSeriesStep> Steps { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("steps", Steps);
            writer.EndObject();
        }
    }

    /// <summary>ChangeSiteBodyCartSeriesStep</summary>
    public sealed class ChangeSiteBodyCartSeriesStep : IJsonObject
    {
        /// <summary>How many hours after the cart was abandoned it is sent: later than the message before; fractions are allowed</summary>
        public decimal? AfterHours { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("afterHours", AfterHours);
            writer.EndObject();
        }
    }

    /// <summary>ChangeSiteBodyStaffEntry</summary>
    public sealed class ChangeSiteBodyStaffEntry : IJsonObject
    {
        /// <summary>Whom: a user of the site, by Passweb's id</summary>
        public string UserId { get; set; }

        /// <summary>What they are told. <c>new-order</c>: an order is reported for the first time. <c>failures</c>: messages have failed, at most once an hour. <c>bot-refused</c>: Telegram takes the token of the bot again, which it refused. <c>module-off</c>: messages are switched off</summary>
        public IList<string> Notices { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("userId", UserId);
            writer.Property("notices", Notices);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Notices"/>.</summary>
        public static class NoticesValues
        {
            public const string NewOrder = "new-order";
            public const string Failures = "failures";
            public const string BotRefused = "bot-refused";
            public const string ModuleOff = "module-off";
        }
    }

    /// <summary>The settings as they are now</summary>
    public sealed class ChangedSettings
    {
        /// <summary>The id of the shop, as in its paths</summary>
        public string SiteId { get; set; }

        /// <summary>The name of the shop, as its customers read it</summary>
        public string Name { get; set; }

        /// <summary>The address of the shop; links in messages lead there</summary>
        public string Url { get; set; }

        /// <summary>Whether the shop has bought the Telegram module; only the platform can change it</summary>
        public bool ModuleActive { get; set; }

        /// <summary>Whether the merchant has the integration switched on; off, nothing is sent and everything is kept</summary>
        public bool Active { get; set; }

        /// <summary>The languages of the shop, as BCP 47 tags; every template has a text in each</summary>
        public IList<string> Languages { get; set; }

        /// <summary>One of <c>languages</c>: that of a person of whom no language is known</summary>
        public string DefaultLanguage { get; set; }

        /// <summary>IANA name, such as <c>Europe/Rome</c>: dates are shown in it</summary>
        public string TimeZone { get; set; }

        /// <summary>When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours</summary>
        public ChangedSettingsQuietHours QuietHours { get; set; }

        /// <summary>How many hours after a cart was abandoned its user is told; fractions are allowed</summary>
        public decimal AbandonedCartHours { get; set; }

        /// <summary>Further messages about an abandoned cart, which are advertising: only people get them of whom <c>marketingConsent</c> is given. Absent: one message, which needs no consent</summary>
        public ChangedSettingsCartSeries CartSeries { get; set; }

        /// <summary>The user groups with "Gestione Telegram"; none named: no limit</summary>
        public IList<string> TelegramGroups { get; set; }

        /// <summary>Whether documents that the back office uploads notify</summary>
        public bool Docuvision { get; set; }

        /// <summary>Who works in the shop, and what they are told; absent: nobody</summary>
        public IList<ChangedSettingsStaffEntry> Staff { get; set; }

        /// <summary>How customers reach the merchant, as the bot tells them</summary>
        public string MerchantContact { get; set; }

        /// <summary>The https address of the shop's privacy notice</summary>
        public string PrivacyUrl { get; set; }

        /// <summary>The text of the button of all order messages, by language; a template may have its own</summary>
        public IDictionary<string, string> OrderButton { get; set; }

        /// <summary>The text of the button of all cart messages, by language; a template may have its own</summary>
        public IDictionary<string, string> CartButton { get; set; }

        /// <summary>Whether the links to the shop in its messages lead through <c>/c/…</c>, which counts who opens them; absent: they do not</summary>
        public bool? CountClicks { get; set; }

        /// <summary>How people are addressed in Italian: <c>tu</c>, or the formal <c>lei</c></summary>
        public string Tone { get; set; }

        /// <summary>Addresses that the site had before, the latest first</summary>
        public IList<ChangedSettingsFormerUrl> FormerUrls { get; set; }

        /// <summary>The bot of the shop; absent before one is saved</summary>
        public ChangedSettingsBot Bot { get; set; }

        /// <summary>The bot with which the site can get one without @BotFather; absent where the deployment has none</summary>
        public ChangedSettingsManagerBot ManagerBot { get; set; }

        /// <summary>What was saved all the same: people of the staff whom nobody knows yet</summary>
        public IList<FieldError> Warnings { get; set; }

        internal static ChangedSettings ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ChangedSettings
            {
                SiteId = JsonValue.Text(JsonValue.Get(found, "siteId")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                ModuleActive = JsonValue.Boolean(JsonValue.Get(found, "moduleActive")).GetValueOrDefault(),
                Active = JsonValue.Boolean(JsonValue.Get(found, "active")).GetValueOrDefault(),
                Languages = JsonValue.List(JsonValue.Get(found, "languages"), JsonValue.Text),
                DefaultLanguage = JsonValue.Text(JsonValue.Get(found, "defaultLanguage")),
                TimeZone = JsonValue.Text(JsonValue.Get(found, "timeZone")),
                QuietHours = PasswebTelegram.ChangedSettingsQuietHours.ReadFrom(JsonValue.Get(found, "quietHours")),
                AbandonedCartHours = JsonValue.Decimal(JsonValue.Get(found, "abandonedCartHours")).GetValueOrDefault(),
                CartSeries = PasswebTelegram.ChangedSettingsCartSeries.ReadFrom(JsonValue.Get(found, "cartSeries")),
                TelegramGroups = JsonValue.List(JsonValue.Get(found, "telegramGroups"), JsonValue.Text),
                Docuvision = JsonValue.Boolean(JsonValue.Get(found, "docuvision")).GetValueOrDefault(),
                Staff = JsonValue.List(JsonValue.Get(found, "staff"), PasswebTelegram.ChangedSettingsStaffEntry.ReadFrom),
                MerchantContact = JsonValue.Text(JsonValue.Get(found, "merchantContact")),
                PrivacyUrl = JsonValue.Text(JsonValue.Get(found, "privacyUrl")),
                OrderButton = JsonValue.Map(JsonValue.Get(found, "orderButton"), JsonValue.Text),
                CartButton = JsonValue.Map(JsonValue.Get(found, "cartButton"), JsonValue.Text),
                CountClicks = JsonValue.Boolean(JsonValue.Get(found, "countClicks")),
                Tone = JsonValue.Text(JsonValue.Get(found, "tone")),
                FormerUrls = JsonValue.List(JsonValue.Get(found, "formerUrls"), PasswebTelegram.ChangedSettingsFormerUrl.ReadFrom),
                Bot = PasswebTelegram.ChangedSettingsBot.ReadFrom(JsonValue.Get(found, "bot")),
                ManagerBot = PasswebTelegram.ChangedSettingsManagerBot.ReadFrom(JsonValue.Get(found, "managerBot")),
                Warnings = JsonValue.List(JsonValue.Get(found, "warnings"), PasswebTelegram.FieldError.ReadFrom),
            };
        }

        /// <summary>The values of <see cref="Tone"/>.</summary>
        public static class ToneValues
        {
            public const string Tu = "tu";
            public const string Lei = "lei";
        }
    }

    /// <summary>The bot of the shop; absent before one is saved</summary>
    public sealed class ChangedSettingsBot
    {
        /// <summary>The number of the bot at Telegram, as text: the digits before the ":" of its token</summary>
        public string Id { get; set; }

        /// <summary>The username of the bot, without @</summary>
        public string Username { get; set; }

        /// <summary>Whether it was made with the manager bot, which can give it another token</summary>
        public bool? Managed { get; set; }

        /// <summary>Why nothing can be sent with the bot now; absent while all is well</summary>
        public ChangedSettingsBotProblem Problem { get; set; }

        internal static ChangedSettingsBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ChangedSettingsBot
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Username = JsonValue.Text(JsonValue.Get(found, "username")),
                Managed = JsonValue.Boolean(JsonValue.Get(found, "managed")),
                Problem = PasswebTelegram.ChangedSettingsBotProblem.ReadFrom(JsonValue.Get(found, "problem")),
            };
        }
    }

    /// <summary>Why nothing can be sent with the bot now; absent while all is well</summary>
    public sealed class ChangedSettingsBotProblem
    {
        /// <summary>What is wrong, for programs</summary>
        public string Kind { get; set; }

        /// <summary>Since when</summary>
        public DateTimeOffset Since { get; set; }

        /// <summary>The same in the words of Telegram, or in ours</summary>
        public string Description { get; set; }

        internal static ChangedSettingsBotProblem ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ChangedSettingsBotProblem
            {
                Kind = JsonValue.Text(JsonValue.Get(found, "kind")),
                Since = JsonValue.Instant(JsonValue.Get(found, "since")).GetValueOrDefault(),
                Description = JsonValue.Text(JsonValue.Get(found, "description")),
            };
        }
    }

    /// <summary>Further messages about an abandoned cart, which are advertising: only people get them of whom <c>marketingConsent</c> is given. Absent: one message, which needs no consent</summary>
    public sealed class ChangedSettingsCartSeries
    {
        /// <summary>The second message, and the third</summary>
        public IList<ChangedSettingsCartSeriesStep> Steps { get; set; }

        internal static ChangedSettingsCartSeries ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ChangedSettingsCartSeries
            {
                Steps = JsonValue.List(JsonValue.Get(found, "steps"), PasswebTelegram.ChangedSettingsCartSeriesStep.ReadFrom),
            };
        }
    }

    /// <summary>ChangedSettingsCartSeriesStep</summary>
    public sealed class ChangedSettingsCartSeriesStep
    {
        /// <summary>How many hours after the cart was abandoned it is sent: later than the message before; fractions are allowed</summary>
        public decimal AfterHours { get; set; }

        internal static ChangedSettingsCartSeriesStep ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ChangedSettingsCartSeriesStep
            {
                AfterHours = JsonValue.Decimal(JsonValue.Get(found, "afterHours")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>ChangedSettingsFormerUrl</summary>
    public sealed class ChangedSettingsFormerUrl
    {
        /// <summary>An address that the site had before</summary>
        public string Url { get; set; }

        /// <summary>Until when links of events may be on its host</summary>
        public DateTimeOffset Until { get; set; }

        internal static ChangedSettingsFormerUrl ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ChangedSettingsFormerUrl
            {
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Until = JsonValue.Instant(JsonValue.Get(found, "until")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>The bot with which the site can get one without @BotFather; absent where the deployment has none</summary>
    public sealed class ChangedSettingsManagerBot
    {
        /// <summary>Its username, without @</summary>
        public string Username { get; set; }

        internal static ChangedSettingsManagerBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ChangedSettingsManagerBot
            {
                Username = JsonValue.Text(JsonValue.Get(found, "username")),
            };
        }
    }

    /// <summary>When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours</summary>
    public sealed class ChangedSettingsQuietHours
    {
        /// <summary>When they begin: <c>HH:MM</c></summary>
        public string From { get; set; }

        /// <summary>When they end: <c>HH:MM</c>; before <c>from</c>, it is the next day</summary>
        public string To { get; set; }

        /// <summary><c>silent</c>: messages go out without a sound. <c>after</c>: they wait until the quiet hours are over</summary>
        public string Mode { get; set; }

        internal static ChangedSettingsQuietHours ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ChangedSettingsQuietHours
            {
                From = JsonValue.Text(JsonValue.Get(found, "from")),
                To = JsonValue.Text(JsonValue.Get(found, "to")),
                Mode = JsonValue.Text(JsonValue.Get(found, "mode")),
            };
        }

        /// <summary>The values of <see cref="Mode"/>.</summary>
        public static class ModeValues
        {
            public const string Silent = "silent";
            public const string After = "after";
        }
    }

    /// <summary>ChangedSettingsStaffEntry</summary>
    public sealed class ChangedSettingsStaffEntry
    {
        /// <summary>Whom: a user of the site, by Passweb's id</summary>
        public string UserId { get; set; }

        /// <summary>What they are told. <c>new-order</c>: an order is reported for the first time. <c>failures</c>: messages have failed, at most once an hour. <c>bot-refused</c>: Telegram takes the token of the bot again, which it refused. <c>module-off</c>: messages are switched off</summary>
        public IList<string> Notices { get; set; }

        internal static ChangedSettingsStaffEntry ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ChangedSettingsStaffEntry
            {
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                Notices = JsonValue.List(JsonValue.Get(found, "notices"), JsonValue.Text),
            };
        }

        /// <summary>The values of <see cref="Notices"/>.</summary>
        public static class NoticesValues
        {
            public const string NewOrder = "new-order";
            public const string Failures = "failures";
            public const string BotRefused = "bot-refused";
            public const string ModuleOff = "module-off";
        }
    }

    /// <summary>A Telegram chat of a user</summary>
    public sealed class Chat
    {
        /// <summary>The number of the chat at Telegram, up to 52 bits</summary>
        public long ChatId { get; set; }

        /// <summary>When the person linked this chat</summary>
        public DateTimeOffset? LinkedAt { get; set; }

        /// <summary>How they linked it</summary>
        public string LinkedBy { get; set; }

        /// <summary>The username of the account at Telegram when it was linked, without @</summary>
        public string TelegramUsername { get; set; }

        /// <summary>The site has another bot since: the person has to press Start there</summary>
        public bool? NeedsNewStart { get; set; }

        /// <summary>How many Telegram can not reach</summary>
        public Unreachable Unreachable { get; set; }

        /// <summary>The person has written /stop in this chat</summary>
        public bool Stopped { get; set; }

        /// <summary>When they wrote it</summary>
        public DateTimeOffset? StoppedAt { get; set; }

        internal static Chat ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Chat
            {
                ChatId = JsonValue.Int64(JsonValue.Get(found, "chatId")).GetValueOrDefault(),
                LinkedAt = JsonValue.Instant(JsonValue.Get(found, "linkedAt")),
                LinkedBy = JsonValue.Text(JsonValue.Get(found, "linkedBy")),
                TelegramUsername = JsonValue.Text(JsonValue.Get(found, "telegramUsername")),
                NeedsNewStart = JsonValue.Boolean(JsonValue.Get(found, "needsNewStart")),
                Unreachable = PasswebTelegram.Unreachable.ReadFrom(JsonValue.Get(found, "unreachable")),
                Stopped = JsonValue.Boolean(JsonValue.Get(found, "stopped")).GetValueOrDefault(),
                StoppedAt = JsonValue.Instant(JsonValue.Get(found, "stoppedAt")),
            };
        }

        /// <summary>The values of <see cref="LinkedBy"/>.</summary>
        public static class LinkedByValues
        {
            public const string DeepLink = "deep-link";
            public const string LoginWidget = "login-widget";
            public const string Oidc = "oidc";
            public const string Import = "import";
        }
    }

    /// <summary>A link that signs in to the console of a site, once</summary>
    public sealed class ConsoleLink
    {
        /// <summary>Where the browser goes</summary>
        public string Url { get; set; }

        /// <summary>Until when it can be opened</summary>
        public DateTimeOffset ExpiresAt { get; set; }

        internal static ConsoleLink ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ConsoleLink
            {
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                ExpiresAt = JsonValue.Instant(JsonValue.Get(found, "expiresAt")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>A page of the log</summary>
    public sealed class DeliveriesAnswer
    {
        /// <summary>A page of the log, the newest first</summary>
        public IList<Delivery> Deliveries { get; set; }

        /// <summary>Where it goes on: send it with the same parameters; absent on the last page</summary>
        public string Cursor { get; set; }

        /// <summary>With <c>totals=true</c>: how many lines the other filters find, by state. <c>complete</c>: whether that are all; if not, the newest ones, some ten thousands, were counted</summary>
        public DeliveriesAnswerTotals Totals { get; set; }

        internal static DeliveriesAnswer ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new DeliveriesAnswer
            {
                Deliveries = JsonValue.List(JsonValue.Get(found, "deliveries"), PasswebTelegram.Delivery.ReadFrom),
                Cursor = JsonValue.Text(JsonValue.Get(found, "cursor")),
                Totals = PasswebTelegram.DeliveriesAnswerTotals.ReadFrom(JsonValue.Get(found, "totals")),
            };
        }
    }

    /// <summary>With <c>totals=true</c>: how many lines the other filters find, by state. <c>complete</c>: whether that are all; if not, the newest ones, some ten thousands, were counted</summary>
    public sealed class DeliveriesAnswerTotals
    {
        /// <summary>How many were sent</summary>
        public long Sent { get; set; }

        /// <summary>How many failed</summary>
        public long Failed { get; set; }

        /// <summary>How many are tried again</summary>
        public long Retrying { get; set; }

        /// <summary>How many were not sent</summary>
        public long Skipped { get; set; }

        /// <summary>How many wait</summary>
        public long Waiting { get; set; }

        /// <summary>Whether these are all; if not, only the newest ones were counted</summary>
        public bool Complete { get; set; }

        internal static DeliveriesAnswerTotals ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new DeliveriesAnswerTotals
            {
                Sent = JsonValue.Int64(JsonValue.Get(found, "sent")).GetValueOrDefault(),
                Failed = JsonValue.Int64(JsonValue.Get(found, "failed")).GetValueOrDefault(),
                Retrying = JsonValue.Int64(JsonValue.Get(found, "retrying")).GetValueOrDefault(),
                Skipped = JsonValue.Int64(JsonValue.Get(found, "skipped")).GetValueOrDefault(),
                Waiting = JsonValue.Int64(JsonValue.Get(found, "waiting")).GetValueOrDefault(),
                Complete = JsonValue.Boolean(JsonValue.Get(found, "complete")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>What became of one message, or why there is none</summary>
    public sealed class Delivery
    {
        /// <summary>The id of the delivery: the same for the same message, however often its event is reported</summary>
        public string DeliveryId { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>That of the event; of a welcome and of a test one of our own</summary>
        public string EventId { get; set; }

        /// <summary>Absent where no template was chosen</summary>
        public string TemplateId { get; set; }

        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>What became of it</summary>
        public string Status { get; set; }

        /// <summary>When it became this</summary>
        public DateTimeOffset RecordedAt { get; set; }

        /// <summary>How often it was taken from the queue, or tried</summary>
        public long Attempts { get; set; }

        /// <summary>Whether it was a merchant's test of a template</summary>
        public bool Test { get; set; }

        /// <summary>How the event came; absent for a welcome, for a test, and in lines of the former release</summary>
        public string Source { get; set; }

        /// <summary><c>scheduled</c>: when it is due. <c>skipped</c>: when it would have been, had it not been ended before</summary>
        public DateTimeOffset? DueAt { get; set; }

        /// <summary><c>skipped</c>, <c>waiting</c>: why</summary>
        public string Reason { get; set; }

        /// <summary>What Telegram, or the way to it, said</summary>
        public DeliveryFailure Failure { get; set; }

        /// <summary><c>retrying</c>: when it is tried again</summary>
        public DateTimeOffset? NextAttemptAt { get; set; }

        /// <summary><c>waiting</c>: when it is looked at again</summary>
        public DateTimeOffset? Until { get; set; }

        /// <summary><c>in-digest</c>: the <c>deliveryId</c> of the message that it is in, together with other notices of its folder</summary>
        public string DigestId { get; set; }

        /// <summary>How many notices of a folder the message collects</summary>
        public long? Collected { get; set; }

        /// <summary>The <c>deliveryId</c> of the line whose message was sent once more</summary>
        public string ResendOf { get; set; }

        /// <summary>Until when the message can be sent once more; absent where it can not</summary>
        public DateTimeOffset? ResendableUntil { get; set; }

        /// <summary><c>sent</c>: the number of the message in the chat</summary>
        public long? MessageId { get; set; }

        /// <summary><c>sent</c>: the message of the order that was in the chat was changed, and none was sent; no phone rang</summary>
        public bool? Edited { get; set; }

        /// <summary>Which message of a series it is, or would have been; absent: of none</summary>
        public long? Step { get; set; }

        /// <summary>When the message was taken back from the chat, since its cart was ordered or recovered; absent: it was not</summary>
        public DateTimeOffset? TakenBackAt { get; set; }

        /// <summary><c>edited</c>: a neutral text stands in the place of the message, since Telegram deletes it no longer; absent: it was deleted</summary>
        public string TakenBackAs { get; set; }

        /// <summary>How often its links to the shop were opened; absent where they are not counted</summary>
        public long? Clicks { get; set; }

        /// <summary>When one of them was opened first</summary>
        public DateTimeOffset? ClickedAt { get; set; }

        /// <summary>The name that the person has now; absent where none is known</summary>
        public string UserName { get; set; }

        /// <summary>The name that the template has now; absent where it is gone</summary>
        public string TemplateName { get; set; }

        /// <summary>What happened, and what the merchant can do</summary>
        public Words Message { get; set; }

        internal static Delivery ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Delivery
            {
                DeliveryId = JsonValue.Text(JsonValue.Get(found, "deliveryId")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                EventId = JsonValue.Text(JsonValue.Get(found, "eventId")),
                TemplateId = JsonValue.Text(JsonValue.Get(found, "templateId")),
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                Status = JsonValue.Text(JsonValue.Get(found, "status")),
                RecordedAt = JsonValue.Instant(JsonValue.Get(found, "recordedAt")).GetValueOrDefault(),
                Attempts = JsonValue.Int64(JsonValue.Get(found, "attempts")).GetValueOrDefault(),
                Test = JsonValue.Boolean(JsonValue.Get(found, "test")).GetValueOrDefault(),
                Source = JsonValue.Text(JsonValue.Get(found, "source")),
                DueAt = JsonValue.Instant(JsonValue.Get(found, "dueAt")),
                Reason = JsonValue.Text(JsonValue.Get(found, "reason")),
                Failure = PasswebTelegram.DeliveryFailure.ReadFrom(JsonValue.Get(found, "failure")),
                NextAttemptAt = JsonValue.Instant(JsonValue.Get(found, "nextAttemptAt")),
                Until = JsonValue.Instant(JsonValue.Get(found, "until")),
                DigestId = JsonValue.Text(JsonValue.Get(found, "digestId")),
                Collected = JsonValue.Int64(JsonValue.Get(found, "collected")),
                ResendOf = JsonValue.Text(JsonValue.Get(found, "resendOf")),
                ResendableUntil = JsonValue.Instant(JsonValue.Get(found, "resendableUntil")),
                MessageId = JsonValue.Int64(JsonValue.Get(found, "messageId")),
                Edited = JsonValue.Boolean(JsonValue.Get(found, "edited")),
                Step = JsonValue.Int64(JsonValue.Get(found, "step")),
                TakenBackAt = JsonValue.Instant(JsonValue.Get(found, "takenBackAt")),
                TakenBackAs = JsonValue.Text(JsonValue.Get(found, "takenBackAs")),
                Clicks = JsonValue.Int64(JsonValue.Get(found, "clicks")),
                ClickedAt = JsonValue.Instant(JsonValue.Get(found, "clickedAt")),
                UserName = JsonValue.Text(JsonValue.Get(found, "userName")),
                TemplateName = JsonValue.Text(JsonValue.Get(found, "templateName")),
                Message = PasswebTelegram.Words.ReadFrom(JsonValue.Get(found, "message")),
            };
        }

        /// <summary>The values of <see cref="Status"/>.</summary>
        public static class StatusValues
        {
            public const string Sent = "sent";
            public const string Skipped = "skipped";
            public const string Failed = "failed";
            public const string Retrying = "retrying";
            public const string Waiting = "waiting";
            public const string Scheduled = "scheduled";
        }

        /// <summary>The values of <see cref="Source"/>.</summary>
        public static class SourceValues
        {
            public const string Https = "https";
            public const string Sqs = "sqs";
        }
    }

    /// <summary>What Telegram, or the way to it, said</summary>
    public sealed class DeliveryFailure
    {
        /// <summary>The kind of failure, for programs</summary>
        public string Class { get; set; }

        /// <summary>What Telegram, or the way to it, said</summary>
        public string Description { get; set; }

        internal static DeliveryFailure ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new DeliveryFailure
            {
                Class = JsonValue.Text(JsonValue.Get(found, "class")),
                Description = JsonValue.Text(JsonValue.Get(found, "description")),
            };
        }
    }

    /// <summary>A draft to send as a test, and to whom</summary>
    public sealed class DraftTestBody : IJsonObject
    {
        /// <summary>Passweb's id of the user who gets the test</summary>
        public string UserId { get; set; }

        /// <summary>The language that the person reads, as BCP 47 tag</summary>
        public string Language { get; set; }

        /// <summary>Not read: a template may be sent as it was shown</summary>
        public string Id { get; set; }

        /// <summary>Not read: a template may be sent as it was shown</summary>
        public string Name { get; set; }

        /// <summary>Whether it sends</summary>
        public bool? Enabled { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary><c>order-status</c>: the order statuses that it manages, compared without case</summary>
        public IList<string> Statuses { get; set; }

        /// <summary>The names of user groups of the shop</summary>
        public IList<string> Groups { get; set; }

        /// <summary>Which recipients get it; absent: all</summary>
        public string Audience { get; set; }

        /// <summary>The text</summary>
        public IDictionary<string, string> Text { get; set; }

        /// <summary>The button below the message</summary>
        public IDictionary<string, string> Button { get; set; }

        /// <summary>The colour of the first button: blue, green or red; absent: as Telegram shows a button</summary>
        public string ButtonStyle { get; set; }

        /// <summary>The text of a second button by language</summary>
        public IDictionary<string, string> SecondButton { get; set; }

        /// <summary>Where the second button leads; absent: to the link of the event</summary>
        public string SecondButtonUrl { get; set; }

        /// <summary><c>order-status</c>: the text of the button that copies the tracking code, by language</summary>
        public IDictionary<string, string> TrackingButton { get; set; }

        /// <summary><c>order-status</c>: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own</summary>
        public DraftTestBodyCard Card { get; set; }

        /// <summary><c>order-status</c>: the articles are a table with pictures, where Telegram takes it</summary>
        public bool? Rich { get; set; }

        /// <summary>Files: for how many minutes the notices of a folder are collected into one message</summary>
        public int? DigestMinutes { get; set; }

        /// <summary><c>abandoned-cart</c>: which message about a cart it is. 1, or absent: the first. 2 and 3 are advertising, sent only where the site has a <c>cartSeries</c> with that step, and the person has consented</summary>
        public int? Step { get; set; }

        /// <summary><c>abandoned-cart</c>, <c>step</c> 2 or 3: the code of a coupon, which the text may write and a button copies</summary>
        public string CouponCode { get; set; }

        /// <summary><c>abandoned-cart</c>, <c>step</c> 2 or 3: the text of the button that copies the coupon, by language</summary>
        public IDictionary<string, string> CouponButton { get; set; }

        /// <summary>When it was made</summary>
        public string CreatedAt { get; set; }

        /// <summary>What can be saved, but may read badly</summary>
        public IList<object> Warnings { get; set; }

        /// <summary>Values of the placeholders; <c>null</c>: there is none</summary>
        public DraftTestBodyValues Values { get; set; }

        /// <summary>Where the button leads</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("userId", UserId);
            writer.Property("language", Language);
            writer.Property("id", Id);
            writer.Property("name", Name);
            writer.Property("enabled", Enabled);
            writer.Property("event", Event);
            writer.Property("statuses", Statuses);
            writer.Property("groups", Groups);
            writer.Property("audience", Audience);
            writer.Property("text", Text);
            writer.Property("button", Button);
            writer.Property("buttonStyle", ButtonStyle);
            writer.Property("secondButton", SecondButton);
            writer.Property("secondButtonUrl", SecondButtonUrl);
            writer.Property("trackingButton", TrackingButton);
            writer.Property("card", Card);
            writer.Property("rich", Rich);
            writer.Property("digestMinutes", DigestMinutes);
            writer.Property("step", Step);
            writer.Property("couponCode", CouponCode);
            writer.Property("couponButton", CouponButton);
            writer.Property("createdAt", CreatedAt);
            writer.Property("warnings", Warnings);
            writer.Property("values", Values);
            writer.Property("url", Url);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Event"/>.</summary>
        public static class EventValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }

        /// <summary>The values of <see cref="Audience"/>.</summary>
        public static class AudienceValues
        {
            public const string Everybody = "everybody";
            public const string Creator = "creator";
            public const string Recipients = "recipients";
        }

        /// <summary>The values of <see cref="ButtonStyle"/>.</summary>
        public static class ButtonStyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary><c>order-status</c>: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own</summary>
    public sealed class DraftTestBodyCard : IJsonObject
    {
        /// <summary>The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case</summary>
        public IList<string> NewMessageFor { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("newMessageFor", NewMessageFor);
            writer.EndObject();
        }
    }

    /// <summary>Values of the placeholders; <c>null</c>: there is none</summary>
    public sealed class DraftTestBodyValues : IJsonObject
    {
        /// <summary>The first name of the person who gets the message</summary>
        public Optional<string> Nome { get; set; }

        /// <summary>Their last name, or the name of their company</summary>
        public Optional<string> Cognome { get; set; }

        /// <summary>Both</summary>
        public Optional<string> Nominativo { get; set; }

        /// <summary>The address of the shop</summary>
        public Optional<string> UrlSito { get; set; }

        /// <summary>The name of the shop</summary>
        public Optional<string> NomeSito { get; set; }

        /// <summary>How many articles the order has</summary>
        public Optional<decimal?> NumeroArticoli { get; set; }

        /// <summary>The number of the order</summary>
        public Optional<string> SiglaDocumento { get; set; }

        /// <summary>The status of the order</summary>
        public Optional<string> StatoDocumento { get; set; }

        /// <summary>The total of the order</summary>
        public Optional<Money> TotaleOrdine { get; set; }

        /// <summary>The articles of the order, each in a line</summary>
        public Optional<string> ElencoArticoli { get; set; }

        /// <summary>The tracking code of the shipment</summary>
        public Optional<string> CodiceTracking { get; set; }

        /// <summary>How many articles the cart has</summary>
        public Optional<decimal?> NumeroArticoliCarrello { get; set; }

        /// <summary>The total of the cart</summary>
        public Optional<Money> TotaleCarrello { get; set; }

        /// <summary>The code of the coupon of the template</summary>
        public Optional<string> CodiceCoupon { get; set; }

        /// <summary>The subject of the message</summary>
        public Optional<string> OggettoMessaggio { get; set; }

        /// <summary>The text of the message</summary>
        public Optional<string> TestoMessaggio { get; set; }

        /// <summary>The date of the activity</summary>
        public Optional<string> DataAttivita { get; set; }

        /// <summary>The subject of the activity</summary>
        public Optional<string> OggettoAttivita { get; set; }

        /// <summary>The former status of the activity</summary>
        public Optional<string> VecchioStato { get; set; }

        /// <summary>The new status of the activity</summary>
        public Optional<string> NuovoStato { get; set; }

        /// <summary>The name of the folder</summary>
        public Optional<string> NomeCartella { get; set; }

        /// <summary>The name of the file</summary>
        public Optional<string> NomeFile { get; set; }

        /// <summary>How many documents there are</summary>
        public Optional<decimal?> NumeroFile { get; set; }

        /// <summary>The names of the documents, each in a line</summary>
        public Optional<string> ElencoFile { get; set; }

        /// <summary>What happened to the documents, in a sentence</summary>
        public Optional<string> RiepilogoFile { get; set; }

        /// <summary>Who acted: the sender, reader, viewer, uploader or downloader</summary>
        public Optional<string> Autore { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("nome", Nome);
            writer.Property("cognome", Cognome);
            writer.Property("nominativo", Nominativo);
            writer.Property("urlSito", UrlSito);
            writer.Property("nomeSito", NomeSito);
            writer.Property("numeroArticoli", NumeroArticoli);
            writer.Property("siglaDocumento", SiglaDocumento);
            writer.Property("statoDocumento", StatoDocumento);
            writer.Property("totaleOrdine", TotaleOrdine);
            writer.Property("elencoArticoli", ElencoArticoli);
            writer.Property("codiceTracking", CodiceTracking);
            writer.Property("numeroArticoliCarrello", NumeroArticoliCarrello);
            writer.Property("totaleCarrello", TotaleCarrello);
            writer.Property("codiceCoupon", CodiceCoupon);
            writer.Property("oggettoMessaggio", OggettoMessaggio);
            writer.Property("testoMessaggio", TestoMessaggio);
            writer.Property("dataAttivita", DataAttivita);
            writer.Property("oggettoAttivita", OggettoAttivita);
            writer.Property("vecchioStato", VecchioStato);
            writer.Property("nuovoStato", NuovoStato);
            writer.Property("nomeCartella", NomeCartella);
            writer.Property("nomeFile", NomeFile);
            writer.Property("numeroFile", NumeroFile);
            writer.Property("elencoFile", ElencoFile);
            writer.Property("riepilogoFile", RiepilogoFile);
            writer.Property("autore", Autore);
            writer.EndObject();
        }
    }

    /// <summary>What was erased</summary>
    public sealed class ErasedAnswer
    {
        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>How many rows were erased, by the table they were in</summary>
        public ErasedAnswerErased Erased { get; set; }

        internal static ErasedAnswer ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ErasedAnswer
            {
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                Erased = PasswebTelegram.ErasedAnswerErased.ReadFrom(JsonValue.Get(found, "erased")),
            };
        }
    }

    /// <summary>How many rows were erased, by the table they were in</summary>
    public sealed class ErasedAnswerErased
    {
        /// <summary>Rows about the user and their chats</summary>
        public long Users { get; set; }

        /// <summary>Links and logins</summary>
        public long Links { get; set; }

        /// <summary>Carts and reminders to come, and what is remembered of them</summary>
        public long Scheduled { get; set; }

        /// <summary>Messages that waited</summary>
        public long Waiting { get; set; }

        /// <summary>What the webhook of the site was still to be told of the person</summary>
        public long Outgoing { get; set; }

        /// <summary>Lines of the log</summary>
        public long Deliveries { get; set; }

        internal static ErasedAnswerErased ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ErasedAnswerErased
            {
                Users = JsonValue.Int64(JsonValue.Get(found, "users")).GetValueOrDefault(),
                Links = JsonValue.Int64(JsonValue.Get(found, "links")).GetValueOrDefault(),
                Scheduled = JsonValue.Int64(JsonValue.Get(found, "scheduled")).GetValueOrDefault(),
                Waiting = JsonValue.Int64(JsonValue.Get(found, "waiting")).GetValueOrDefault(),
                Outgoing = JsonValue.Int64(JsonValue.Get(found, "outgoing")).GetValueOrDefault(),
                Deliveries = JsonValue.Int64(JsonValue.Get(found, "deliveries")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>The event was accepted</summary>
    public sealed class EventAccepted
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>What becomes of each recipient: one entry for each template that applies, or one with the reason why none</summary>
        public IList<NotificationOutcome> Notifications { get; set; }

        /// <summary>Only where the event was reported before: nothing was done again</summary>
        public bool? Repeated { get; set; }

        internal static EventAccepted ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new EventAccepted
            {
                EventId = JsonValue.Text(JsonValue.Get(found, "eventId")),
                Notifications = JsonValue.List(JsonValue.Get(found, "notifications"), PasswebTelegram.NotificationOutcome.ReadFrom),
                Repeated = JsonValue.Boolean(JsonValue.Get(found, "repeated")),
            };
        }
    }

    /// <summary>One wrong place of a request</summary>
    public sealed class FieldError
    {
        /// <summary>JSON Pointer; empty for the whole body</summary>
        public string Pointer { get; set; }

        /// <summary>What is wrong there, for programs; <c>invalid</c> where nothing more is to be said</summary>
        public string Code { get; set; }

        /// <summary>In the language of the answer</summary>
        public string Detail { get; set; }

        internal static FieldError ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new FieldError
            {
                Pointer = JsonValue.Text(JsonValue.Get(found, "pointer")),
                Code = JsonValue.Text(JsonValue.Get(found, "code")),
                Detail = JsonValue.Text(JsonValue.Get(found, "detail")),
            };
        }

        /// <summary>The values of <see cref="Code"/>.</summary>
        public static class CodeValues
        {
            public const string AddressNotPublic = "address-not-public";
            public const string CannotReceive = "cannot-receive";
            public const string ChangedMeanwhile = "changed-meanwhile";
            public const string CharactersLost = "characters-lost";
            public const string Invalid = "invalid";
            public const string LanguageMissing = "language-missing";
            public const string LoginExpired = "login-expired";
            public const string LoginNotSigned = "login-not-signed";
            public const string NotOneOfThese = "not-one-of-these";
            public const string OutOfRange = "out-of-range";
            public const string OverlapsAnother = "overlaps-another";
            public const string PlatformOnly = "platform-only";
            public const string RefusedByTelegram = "refused-by-telegram";
            public const string RepeatedParameter = "repeated-parameter";
            public const string Required = "required";
            public const string SiteOnly = "site-only";
            public const string StepNotSet = "step-not-set";
            public const string TokenOfAnotherBot = "token-of-another-bot";
            public const string TokenRefused = "token-refused";
            public const string TooManyEnabled = "too-many-enabled";
            public const string UnknownParameter = "unknown-parameter";
            public const string UnknownPerson = "unknown-person";
            public const string UnknownPlaceholder = "unknown-placeholder";
            public const string UnknownProperty = "unknown-property";
            public const string ValueMayBeMissing = "value-may-be-missing";
            public const string WrongLength = "wrong-length";
            public const string WrongType = "wrong-type";
        }
    }

    /// <summary>A file was downloaded or previewed</summary>
    public sealed class FileAccessEvent : IJsonObject
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When it happened; absent: when it is reported</summary>
        public DateTimeOffset? OccurredAt { get; set; }

        /// <summary>The file</summary>
        public FileAccessEventFile File { get; set; }

        /// <summary>The folder in Documents</summary>
        public FileAccessEventFolder Folder { get; set; }

        /// <summary>Whether it was downloaded or only looked at</summary>
        public string Access { get; set; }

        /// <summary>Who opened it</summary>
        public Person AccessedBy { get; set; }

        /// <summary>Who is told: the administrators of the folder</summary>
        public IList<Recipient> Administrators { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("eventId", EventId);
            writer.Property("occurredAt", OccurredAt);
            writer.Property("file", File);
            writer.Property("folder", Folder);
            writer.Property("access", Access);
            writer.Property("accessedBy", AccessedBy);
            writer.Property("administrators", Administrators);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Access"/>.</summary>
        public static class AccessValues
        {
            public const string Download = "download";
            public const string View = "view";
        }
    }

    /// <summary>The file</summary>
    public sealed class FileAccessEventFile : IJsonObject
    {
        /// <summary>Its name, as people know it</summary>
        public string Name { get; set; }

        /// <summary>An <c>https</c> link on the site's own host or a subdomain of it (<c>http</c> too for a site whose own address is <c>http</c>)</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("name", Name);
            writer.Property("url", Url);
            writer.EndObject();
        }
    }

    /// <summary>The folder in Documents</summary>
    public sealed class FileAccessEventFolder : IJsonObject
    {
        /// <summary>Its name</summary>
        public string Name { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("name", Name);
            writer.EndObject();
        }
    }

    /// <summary>A file was uploaded, or Docuvision found new documents</summary>
    public sealed class FileUploadEvent : IJsonObject
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When it happened; absent: when it is reported</summary>
        public DateTimeOffset? OccurredAt { get; set; }

        /// <summary>The file</summary>
        public FileUploadEventFile File { get; set; }

        /// <summary>The folder in Documents</summary>
        public FileUploadEventFolder Folder { get; set; }

        /// <summary>Who uploaded it: a person, or the back office; <c>manual</c> without it</summary>
        public string Source { get; set; }

        /// <summary>Who uploaded it</summary>
        public Person UploadedBy { get; set; }

        /// <summary>Who is told: the administrators of the folder</summary>
        public IList<Recipient> Administrators { get; set; }

        /// <summary>The documents, in the order in which the message names them</summary>
        public IList<FileUploadEventFile> Files { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("eventId", EventId);
            writer.Property("occurredAt", OccurredAt);
            writer.Property("file", File);
            writer.Property("folder", Folder);
            writer.Property("source", Source);
            writer.Property("uploadedBy", UploadedBy);
            writer.Property("administrators", Administrators);
            writer.Property("files", Files);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Source"/>.</summary>
        public static class SourceValues
        {
            public const string Manual = "manual";
            public const string Docuvision = "docuvision";
        }
    }

    /// <summary>The file</summary>
    public sealed class FileUploadEventFile : IJsonObject
    {
        /// <summary>Its name, as people know it</summary>
        public string Name { get; set; }

        /// <summary>An <c>https</c> link on the site's own host or a subdomain of it (<c>http</c> too for a site whose own address is <c>http</c>)</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("name", Name);
            writer.Property("url", Url);
            writer.EndObject();
        }
    }

    /// <summary>The folder in Documents</summary>
    public sealed class FileUploadEventFolder : IJsonObject
    {
        /// <summary>Its name</summary>
        public string Name { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("name", Name);
            writer.EndObject();
        }
    }

    /// <summary>What became of each row</summary>
    public sealed class ImportAnswer
    {
        /// <summary>One for each row, in their order</summary>
        public IList<ImportAnswerResult> Results { get; set; }

        /// <summary>How many rows each of these became</summary>
        public ImportAnswerCounts Counts { get; set; }

        internal static ImportAnswer ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ImportAnswer
            {
                Results = JsonValue.List(JsonValue.Get(found, "results"), PasswebTelegram.ImportAnswerResult.ReadFrom),
                Counts = PasswebTelegram.ImportAnswerCounts.ReadFrom(JsonValue.Get(found, "counts")),
            };
        }
    }

    /// <summary>How many rows each of these became</summary>
    public sealed class ImportAnswerCounts
    {
        /// <summary>Rows that added something</summary>
        public long Imported { get; set; }

        /// <summary>Rows that were there already</summary>
        public long Unchanged { get; set; }

        /// <summary>Rows that were refused</summary>
        public long Refused { get; set; }

        internal static ImportAnswerCounts ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ImportAnswerCounts
            {
                Imported = JsonValue.Int64(JsonValue.Get(found, "imported")).GetValueOrDefault(),
                Unchanged = JsonValue.Int64(JsonValue.Get(found, "unchanged")).GetValueOrDefault(),
                Refused = JsonValue.Int64(JsonValue.Get(found, "refused")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>ImportAnswerResult</summary>
    public sealed class ImportAnswerResult
    {
        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>What became of the row</summary>
        public string Status { get; set; }

        /// <summary>Why it was refused, for programs</summary>
        public string Reason { get; set; }

        /// <summary>The same in a sentence, with what to do</summary>
        public string Detail { get; set; }

        /// <summary>Every wrong place</summary>
        public IList<FieldError> Errors { get; set; }

        internal static ImportAnswerResult ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ImportAnswerResult
            {
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                Status = JsonValue.Text(JsonValue.Get(found, "status")),
                Reason = JsonValue.Text(JsonValue.Get(found, "reason")),
                Detail = JsonValue.Text(JsonValue.Get(found, "detail")),
                Errors = JsonValue.List(JsonValue.Get(found, "errors"), PasswebTelegram.FieldError.ReadFrom),
            };
        }

        /// <summary>The values of <see cref="Status"/>.</summary>
        public static class StatusValues
        {
            public const string Imported = "imported";
            public const string Unchanged = "unchanged";
            public const string Refused = "refused";
        }

        /// <summary>The values of <see cref="Reason"/>.</summary>
        public static class ReasonValues
        {
            public const string Invalid = "invalid";
            public const string Renamed = "renamed";
            public const string IdUsedAgain = "id-used-again";
            public const string Unlinked = "unlinked";
            public const string TooManyChats = "too-many-chats";
            public const string TooManyUsers = "too-many-users";
        }
    }

    /// <summary>People who have linked Telegram elsewhere, with the same bot</summary>
    public sealed class ImportBody : IJsonObject
    {
        /// <summary>The bot that the chats are with: the digits before the ":" of its token</summary>
        public string BotId { get; set; }

        /// <summary>The people, one row for each chat</summary>
        public IList<ImportBodyUser> Users { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("botId", BotId);
            writer.Property("users", Users);
            writer.EndObject();
        }
    }

    /// <summary>ImportBodyUser</summary>
    public sealed class ImportBodyUser : IJsonObject
    {
        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>The number of the chat at Telegram, up to 52 bits</summary>
        public long? ChatId { get; set; }

        /// <summary>The first name; companies have none</summary>
        public string FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public string LastName { get; set; }

        /// <summary>The name of the company</summary>
        public string CompanyName { get; set; }

        /// <summary>The language that the person reads, as BCP 47 tag</summary>
        public string Language { get; set; }

        /// <summary>Whether the user wants nothing from the bot</summary>
        public bool? OptedOut { get; set; }

        /// <summary>The kinds of event that the user does not want</summary>
        public IList<string> MutedEvents { get; set; }

        /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
        public MarketingConsent MarketingConsent { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("userId", UserId);
            writer.Property("chatId", ChatId);
            writer.Property("firstName", FirstName);
            writer.Property("lastName", LastName);
            writer.Property("companyName", CompanyName);
            writer.Property("language", Language);
            writer.Property("optedOut", OptedOut);
            writer.Property("mutedEvents", MutedEvents);
            writer.Property("marketingConsent", MarketingConsent);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="MutedEvents"/>.</summary>
        public static class MutedEventsValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileAccess = "file-access";
            public const string StaffNewOrder = "staff-new-order";
            public const string StaffFailures = "staff-failures";
            public const string StaffBotRefused = "staff-bot-refused";
            public const string StaffModuleOff = "staff-module-off";
        }
    }

    /// <summary>What the new key is for</summary>
    public sealed class KeyBody : IJsonObject
    {
        /// <summary>What the key is for, as the platform calls it</summary>
        public string Name { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("name", Name);
            writer.EndObject();
        }
    }

    /// <summary>The keys of a site that are valid</summary>
    public sealed class KeysAnswer
    {
        /// <summary>One or two, the oldest first</summary>
        public IList<KeysAnswerKey> Keys { get; set; }

        internal static KeysAnswer ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new KeysAnswer
            {
                Keys = JsonValue.List(JsonValue.Get(found, "keys"), PasswebTelegram.KeysAnswerKey.ReadFrom),
            };
        }
    }

    /// <summary>KeysAnswerKey</summary>
    public sealed class KeysAnswerKey
    {
        /// <summary>The first 8 hexadecimal digits of the SHA-256 of the key</summary>
        public string KeyId { get; set; }

        /// <summary>What the key is for, as the platform calls it</summary>
        public string Name { get; set; }

        internal static KeysAnswerKey ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new KeysAnswerKey
            {
                KeyId = JsonValue.Text(JsonValue.Get(found, "keyId")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
            };
        }
    }

    /// <summary>Who the link is for, and how long it is valid; all of it may be left out. Names are sent all together: if there is one, those that were known are replaced, also by nothing</summary>
    public sealed class LinkBody : IJsonObject
    {
        /// <summary>The first name; companies have none</summary>
        public string FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public string LastName { get; set; }

        /// <summary>The name of the company</summary>
        public string CompanyName { get; set; }

        /// <summary>The language that the person reads, as BCP 47 tag</summary>
        public string Language { get; set; }

        /// <summary>The names of user groups of the shop</summary>
        public IList<string> Groups { get; set; }

        /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
        public MarketingConsent MarketingConsent { get; set; }

        /// <summary>How many hours the link is valid; 24 without it</summary>
        public int? ExpiresInHours { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("firstName", FirstName);
            writer.Property("lastName", LastName);
            writer.Property("companyName", CompanyName);
            writer.Property("language", Language);
            writer.Property("groups", Groups);
            writer.Property("marketingConsent", MarketingConsent);
            writer.Property("expiresInHours", ExpiresInHours);
            writer.EndObject();
        }
    }

    /// <summary>A link with which a user links Telegram</summary>
    public sealed class LinkToken
    {
        /// <summary>The link, which opens the bot in Telegram; it works once</summary>
        public string Url { get; set; }

        /// <summary>The secret part of the link</summary>
        public string Token { get; set; }

        /// <summary>To copy and send to the bot, where <c>url</c> opens it without the token</summary>
        public string StartCommand { get; set; }

        /// <summary>Until when the link is valid</summary>
        public DateTimeOffset ExpiresAt { get; set; }

        /// <summary>The QR code of <c>url</c>, as SVG</summary>
        public string Qr { get; set; }

        internal static LinkToken ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new LinkToken
            {
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Token = JsonValue.Text(JsonValue.Get(found, "token")),
                StartCommand = JsonValue.Text(JsonValue.Get(found, "startCommand")),
                ExpiresAt = JsonValue.Instant(JsonValue.Get(found, "expiresAt")).GetValueOrDefault(),
                Qr = JsonValue.Text(JsonValue.Get(found, "qr")),
            };
        }
    }

    /// <summary>A person in the list</summary>
    public sealed class ListedPerson
    {
        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>Whether the person can be reached, and if not, why</summary>
        public string State { get; set; }

        /// <summary>Since when they are in this state, where that is known</summary>
        public DateTimeOffset? Since { get; set; }

        /// <summary>The first name; companies have none</summary>
        public string FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public string LastName { get; set; }

        /// <summary>The name of the company</summary>
        public string CompanyName { get; set; }

        /// <summary>The language that the person reads, as BCP 47 tag</summary>
        public string Language { get; set; }

        /// <summary>How many chats they have</summary>
        public long Chats { get; set; }

        /// <summary>Who said so</summary>
        public string OptedOutBy { get; set; }

        /// <summary>Where it was said</summary>
        public string OptedOutIn { get; set; }

        /// <summary>Of somebody who is pending: when their last open link expires</summary>
        public DateTimeOffset? ExpiresAt { get; set; }

        internal static ListedPerson ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ListedPerson
            {
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                State = JsonValue.Text(JsonValue.Get(found, "state")),
                Since = JsonValue.Instant(JsonValue.Get(found, "since")),
                FirstName = JsonValue.Text(JsonValue.Get(found, "firstName")),
                LastName = JsonValue.Text(JsonValue.Get(found, "lastName")),
                CompanyName = JsonValue.Text(JsonValue.Get(found, "companyName")),
                Language = JsonValue.Text(JsonValue.Get(found, "language")),
                Chats = JsonValue.Int64(JsonValue.Get(found, "chats")).GetValueOrDefault(),
                OptedOutBy = JsonValue.Text(JsonValue.Get(found, "optedOutBy")),
                OptedOutIn = JsonValue.Text(JsonValue.Get(found, "optedOutIn")),
                ExpiresAt = JsonValue.Instant(JsonValue.Get(found, "expiresAt")),
            };
        }

        /// <summary>The values of <see cref="State"/>.</summary>
        public static class StateValues
        {
            public const string Linked = "linked";
            public const string Pending = "pending";
            public const string NotLinked = "not-linked";
            public const string OptedOut = "opted-out";
            public const string Unreachable = "unreachable";
        }

        /// <summary>The values of <see cref="OptedOutBy"/>.</summary>
        public static class OptedOutByValues
        {
            public const string Person = "person";
            public const string Shop = "shop";
        }

        /// <summary>The values of <see cref="OptedOutIn"/>.</summary>
        public static class OptedOutInValues
        {
            public const string Bot = "bot";
            public const string Site = "site";
            public const string Import = "import";
        }
    }

    /// <summary>All fields that the widget gave, and no others</summary>
    public sealed class LoginWidgetBody : IJsonObject
    {
        /// <summary>The number of the account at Telegram</summary>
        public object Id { get; set; }

        /// <summary>When the person logged in: seconds since 1970</summary>
        public object AuthDate { get; set; }

        /// <summary>Telegram's signature of all other fields: hexadecimal HMAC-SHA-256</summary>
        public string Hash { get; set; }

        /// <summary>The names of user groups of the shop</summary>
        public IList<string> Groups { get; set; }

        /// <summary>All other properties.</summary>
        public IDictionary<string, object> AdditionalProperties { get; set; } = new Dictionary<string, object>();

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("auth_date", AuthDate);
            writer.Property("hash", Hash);
            writer.Property("groups", Groups);
            foreach (var other in AdditionalProperties) writer.Property(other.Key, other.Value);
            writer.EndObject();
        }
    }

    /// <summary>How far the way to a bot without @BotFather has come</summary>
    public sealed class ManagedBot
    {
        /// <summary>Which step is next, or how it has ended; <c>none</c> before it has begun</summary>
        public string State { get; set; }

        /// <summary>Where a person opens the manager bot: whoever does so first makes the bot</summary>
        public string Url { get; set; }

        /// <summary>The same as an SVG picture of a QR code</summary>
        public string Qr { get; set; }

        /// <summary>Where this person confirms the new bot, with the suggested names</summary>
        public string NewBotUrl { get; set; }

        /// <summary>The same as an SVG picture of a QR code</summary>
        public string NewBotQr { get; set; }

        /// <summary>When the present step is over</summary>
        public DateTimeOffset? ExpiresAt { get; set; }

        /// <summary>The username that Telegram suggests to the person, who may change it</summary>
        public string SuggestedUsername { get; set; }

        /// <summary>Who has opened the link, by the name at Telegram</summary>
        public ManagedBotPerson Person { get; set; }

        /// <summary>What this person has made</summary>
        public ManagedBotBot Bot { get; set; }

        /// <summary>With <c>failed</c>: why, and what to do. With <c>setting-up</c>: why it goes on later, by itself</summary>
        public ManagedBotProblem Problem { get; set; }

        internal static ManagedBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ManagedBot
            {
                State = JsonValue.Text(JsonValue.Get(found, "state")),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Qr = JsonValue.Text(JsonValue.Get(found, "qr")),
                NewBotUrl = JsonValue.Text(JsonValue.Get(found, "newBotUrl")),
                NewBotQr = JsonValue.Text(JsonValue.Get(found, "newBotQr")),
                ExpiresAt = JsonValue.Instant(JsonValue.Get(found, "expiresAt")),
                SuggestedUsername = JsonValue.Text(JsonValue.Get(found, "suggestedUsername")),
                Person = PasswebTelegram.ManagedBotPerson.ReadFrom(JsonValue.Get(found, "person")),
                Bot = PasswebTelegram.ManagedBotBot.ReadFrom(JsonValue.Get(found, "bot")),
                Problem = PasswebTelegram.ManagedBotProblem.ReadFrom(JsonValue.Get(found, "problem")),
            };
        }

        /// <summary>The values of <see cref="State"/>.</summary>
        public static class StateValues
        {
            public const string None = "none";
            public const string WaitingForPerson = "waiting-for-person";
            public const string WaitingForBot = "waiting-for-bot";
            public const string SettingUp = "setting-up";
            public const string Done = "done";
            public const string Failed = "failed";
        }
    }

    /// <summary>What is suggested to the person who makes the bot</summary>
    public sealed class ManagedBotBody : IJsonObject
    {
        /// <summary>Suggested to the person who makes the bot, who may change it; otherwise made from the name of the site</summary>
        public string Username { get; set; }

        /// <summary>The same; otherwise the name of the site</summary>
        public string Name { get; set; }

        /// <summary>Whether the bot that the site has may be replaced: everybody who is linked then has to start the new one</summary>
        public bool? Replace { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("username", Username);
            writer.Property("name", Name);
            writer.Property("replace", Replace);
            writer.EndObject();
        }
    }

    /// <summary>What this person has made</summary>
    public sealed class ManagedBotBot
    {
        /// <summary>The number of the bot at Telegram, as text: the digits before the ":" of its token</summary>
        public string Id { get; set; }

        /// <summary>The username of the bot, without @</summary>
        public string Username { get; set; }

        internal static ManagedBotBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ManagedBotBot
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Username = JsonValue.Text(JsonValue.Get(found, "username")),
            };
        }
    }

    /// <summary>Who has opened the link, by the name at Telegram</summary>
    public sealed class ManagedBotPerson
    {
        /// <summary>The name of the account at Telegram</summary>
        public string Name { get; set; }

        internal static ManagedBotPerson ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ManagedBotPerson
            {
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
            };
        }
    }

    /// <summary>With <c>failed</c>: why, and what to do. With <c>setting-up</c>: why it goes on later, by itself</summary>
    public sealed class ManagedBotProblem
    {
        /// <summary>What is wrong, for programs</summary>
        public string Code { get; set; }

        /// <summary>The same in a few words</summary>
        public string Title { get; set; }

        /// <summary>The same in sentences, with what to do</summary>
        public string Detail { get; set; }

        internal static ManagedBotProblem ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ManagedBotProblem
            {
                Code = JsonValue.Text(JsonValue.Get(found, "code")),
                Title = JsonValue.Text(JsonValue.Get(found, "title")),
                Detail = JsonValue.Text(JsonValue.Get(found, "detail")),
            };
        }
    }

    /// <summary>Whether a person wants advertising. What was said last, by <c>at</c>, holds</summary>
    public sealed class MarketingConsent : IJsonObject
    {
        /// <summary>Whether they want it; <c>false</c>: they have withdrawn it</summary>
        public bool? Given { get; set; }

        /// <summary>When the person said so: of two statements the later one holds. A time in the future counts as now</summary>
        public DateTimeOffset? At { get; set; }

        /// <summary>Where they said it, such as the page or the form; <c>bot</c>: in the bot</summary>
        public string Source { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("given", Given);
            writer.Property("at", At);
            writer.Property("source", Source);
            writer.EndObject();
        }
    }

    /// <summary>A recipient read a message</summary>
    public sealed class MessageReadEvent : IJsonObject
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When it happened; absent: when it is reported</summary>
        public DateTimeOffset? OccurredAt { get; set; }

        /// <summary>The message in the reserved area</summary>
        public MessageReadEventMessage Message { get; set; }

        /// <summary>Who has read it</summary>
        public Person Reader { get; set; }

        /// <summary>Who wrote the message</summary>
        public Recipient Sender { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("eventId", EventId);
            writer.Property("occurredAt", OccurredAt);
            writer.Property("message", Message);
            writer.Property("reader", Reader);
            writer.Property("sender", Sender);
            writer.EndObject();
        }
    }

    /// <summary>The message in the reserved area</summary>
    public sealed class MessageReadEventMessage : IJsonObject
    {
        /// <summary>The id of the message</summary>
        public string Id { get; set; }

        /// <summary>Its subject</summary>
        public string Subject { get; set; }

        /// <summary>What it says</summary>
        public string Text { get; set; }

        /// <summary>Whether the text is HTML; without it, text</summary>
        public string Format { get; set; }

        /// <summary>An <c>https</c> link on the site's own host or a subdomain of it (<c>http</c> too for a site whose own address is <c>http</c>)</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("subject", Subject);
            writer.Property("text", Text);
            writer.Property("format", Format);
            writer.Property("url", Url);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Format"/>.</summary>
        public static class FormatValues
        {
            public const string Html = "html";
            public const string Text = "text";
        }
    }

    /// <summary>A message was written in the reserved area</summary>
    public sealed class MessageSentEvent : IJsonObject
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When it happened; absent: when it is reported</summary>
        public DateTimeOffset? OccurredAt { get; set; }

        /// <summary>The message in the reserved area</summary>
        public MessageSentEventMessage Message { get; set; }

        /// <summary>Who wrote the message</summary>
        public Person Sender { get; set; }

        /// <summary>Who is told</summary>
        public IList<Recipient> Recipients { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("eventId", EventId);
            writer.Property("occurredAt", OccurredAt);
            writer.Property("message", Message);
            writer.Property("sender", Sender);
            writer.Property("recipients", Recipients);
            writer.EndObject();
        }
    }

    /// <summary>The message in the reserved area</summary>
    public sealed class MessageSentEventMessage : IJsonObject
    {
        /// <summary>The id of the message</summary>
        public string Id { get; set; }

        /// <summary>Its subject</summary>
        public string Subject { get; set; }

        /// <summary>What it says</summary>
        public string Text { get; set; }

        /// <summary>Whether the text is HTML; without it, text</summary>
        public string Format { get; set; }

        /// <summary>An <c>https</c> link on the site's own host or a subdomain of it (<c>http</c> too for a site whose own address is <c>http</c>)</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("subject", Subject);
            writer.Property("text", Text);
            writer.Property("format", Format);
            writer.Property("url", Url);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Format"/>.</summary>
        public static class FormatValues
        {
            public const string Html = "html";
            public const string Text = "text";
        }
    }

    /// <summary>An amount of money, in one currency</summary>
    public sealed class Money : IJsonObject
    {
        /// <summary>A decimal number as text, such as <c>149.90</c>: so it is never rounded</summary>
        public string Amount { get; set; }

        /// <summary>ISO 4217, such as <c>EUR</c></summary>
        public string Currency { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("amount", Amount);
            writer.Property("currency", Currency);
            writer.EndObject();
        }

        internal static Money ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Money
            {
                Amount = JsonValue.Text(JsonValue.Get(found, "amount")),
                Currency = JsonValue.Text(JsonValue.Get(found, "currency")),
            };
        }
    }

    /// <summary>A new key of a site</summary>
    public sealed class NewKey
    {
        /// <summary>The key, shown this once: only its hash is kept</summary>
        public string SiteKey { get; set; }

        /// <summary>The first 8 hexadecimal digits of the SHA-256 of the key</summary>
        public string KeyId { get; set; }

        internal static NewKey ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new NewKey
            {
                SiteKey = JsonValue.Text(JsonValue.Get(found, "siteKey")),
                KeyId = JsonValue.Text(JsonValue.Get(found, "keyId")),
            };
        }
    }

    /// <summary>What becomes of one recipient</summary>
    public sealed class NotificationOutcome
    {
        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>The id of the template</summary>
        public string TemplateId { get; set; }

        /// <summary><c>queued</c>: on its way; <c>scheduled</c>: sent when it is due; <c>skipped</c>: nothing is sent</summary>
        public string Status { get; set; }

        /// <summary><c>skipped</c>: why</summary>
        public string Reason { get; set; }

        /// <summary>The id of the delivery: the same for the same message, however often its event is reported</summary>
        public string DeliveryId { get; set; }

        /// <summary>When it is due</summary>
        public DateTimeOffset? DueAt { get; set; }

        internal static NotificationOutcome ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new NotificationOutcome
            {
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                TemplateId = JsonValue.Text(JsonValue.Get(found, "templateId")),
                Status = JsonValue.Text(JsonValue.Get(found, "status")),
                Reason = JsonValue.Text(JsonValue.Get(found, "reason")),
                DeliveryId = JsonValue.Text(JsonValue.Get(found, "deliveryId")),
                DueAt = JsonValue.Instant(JsonValue.Get(found, "dueAt")),
            };
        }

        /// <summary>The values of <see cref="Status"/>.</summary>
        public static class StatusValues
        {
            public const string Queued = "queued";
            public const string Scheduled = "scheduled";
            public const string Skipped = "skipped";
        }

        /// <summary>The values of <see cref="Reason"/>.</summary>
        public static class ReasonValues
        {
            public const string NotLinked = "not-linked";
            public const string OptedOut = "opted-out";
            public const string Muted = "muted";
            public const string Unreachable = "unreachable";
            public const string NoTemplate = "no-template";
            public const string StatusNotManaged = "status-not-managed";
            public const string GroupNotIncluded = "group-not-included";
            public const string SenderGroupNotEnabled = "sender-group-not-enabled";
            public const string AgentCart = "agent-cart";
            public const string DocuvisionDisabled = "docuvision-disabled";
            public const string Superseded = "superseded";
            public const string Past = "past";
            public const string NoMarketingConsent = "no-marketing-consent";
            public const string Erased = "erased";
        }
    }

    /// <summary>An order entered a status</summary>
    public sealed class OrderStatusEvent : IJsonObject
    {
        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When it happened; absent: when it is reported</summary>
        public DateTimeOffset? OccurredAt { get; set; }

        /// <summary>The language of the session in which it happened</summary>
        public string Language { get; set; }

        /// <summary>The order</summary>
        public OrderStatusEventOrder Order { get; set; }

        /// <summary>Whose order it is</summary>
        public Recipient Holder { get; set; }

        /// <summary>The cart that the order was made from: it is abandoned no longer</summary>
        public string CartId { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("eventId", EventId);
            writer.Property("occurredAt", OccurredAt);
            writer.Property("language", Language);
            writer.Property("order", Order);
            writer.Property("holder", Holder);
            writer.Property("cartId", CartId);
            writer.EndObject();
        }
    }

    /// <summary>The order</summary>
    public sealed class OrderStatusEventOrder : IJsonObject
    {
        /// <summary>The id of the order in the shop</summary>
        public string Id { get; set; }

        /// <summary>The number of the order, as the customer reads it</summary>
        public string Reference { get; set; }

        /// <summary>The status that it has now, in the words of the shop; compared without case</summary>
        public string Status { get; set; }

        /// <summary>How many articles, without lines of expenses; may be a fraction, such as kilos</summary>
        public decimal? ItemCount { get; set; }

        /// <summary>What it costs</summary>
        public Money Total { get; set; }

        /// <summary>An <c>https</c> link on the site's own host or a subdomain of it (<c>http</c> too for a site whose own address is <c>http</c>)</summary>
        public string Url { get; set; }

        /// <summary>The articles of the order, without lines of expenses</summary>
        public IList<OrderStatusEventOrderLine> Lines { get; set; }

        /// <summary>How the shipment is followed; absent: it is not known yet</summary>
        public OrderStatusEventOrderTracking Tracking { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("reference", Reference);
            writer.Property("status", Status);
            writer.Property("itemCount", ItemCount);
            writer.Property("total", Total);
            writer.Property("url", Url);
            writer.Property("lines", Lines);
            writer.Property("tracking", Tracking);
            writer.EndObject();
        }
    }

    /// <summary>OrderStatusEventOrderLine</summary>
    public sealed class OrderStatusEventOrderLine : IJsonObject
    {
        /// <summary>What the article is called</summary>
        public string Name { get; set; }

        /// <summary>How many; may be a fraction, such as kilos</summary>
        public decimal? Quantity { get; set; }

        /// <summary>The total of the line</summary>
        public Money Total { get; set; }

        /// <summary>A picture of the article, on the own host of the shop; texts do not show it, a table of the articles does</summary>
        public string ImageUrl { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("name", Name);
            writer.Property("quantity", Quantity);
            writer.Property("total", Total);
            writer.Property("imageUrl", ImageUrl);
            writer.EndObject();
        }
    }

    /// <summary>How the shipment is followed; absent: it is not known yet</summary>
    public sealed class OrderStatusEventOrderTracking : IJsonObject
    {
        /// <summary>The code, which a button of the message may copy</summary>
        public string Code { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("code", Code);
            writer.EndObject();
        }
    }

    /// <summary>The quiet hours of a person, or <c>off</c></summary>
    public sealed class OwnQuietHours : IJsonObject
    {
        /// <summary>When they begin: <c>HH:MM</c>; not with <c>off</c></summary>
        public string From { get; set; }

        /// <summary>When they end: <c>HH:MM</c>; before <c>from</c>, it is the next day; not with <c>off</c></summary>
        public string To { get; set; }

        /// <summary><c>silent</c>: messages go out without a sound. <c>after</c>: they wait until the quiet hours are over. <c>off</c>: none, also where the site has some</summary>
        public string Mode { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("from", From);
            writer.Property("to", To);
            writer.Property("mode", Mode);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Mode"/>.</summary>
        public static class ModeValues
        {
            public const string Silent = "silent";
            public const string After = "after";
            public const string Off = "off";
        }
    }

    /// <summary>A page of the people of a site</summary>
    public sealed class People
    {
        /// <summary>The people, by their names or ids</summary>
        public IList<ListedPerson> Users { get; set; }

        /// <summary>Where the list goes on; absent on the last page. A page may have fewer people than asked for</summary>
        public string Cursor { get; set; }

        /// <summary>How many people of the site are in each state, whatever is asked for</summary>
        public PeopleCounts Counts { get; set; }

        /// <summary>The list is just being made, or many people have changed at once: some may be missing, and counts be wrong. Ask again in a minute</summary>
        public bool? Updating { get; set; }

        internal static People ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new People
            {
                Users = JsonValue.List(JsonValue.Get(found, "users"), PasswebTelegram.ListedPerson.ReadFrom),
                Cursor = JsonValue.Text(JsonValue.Get(found, "cursor")),
                Counts = PasswebTelegram.PeopleCounts.ReadFrom(JsonValue.Get(found, "counts")),
                Updating = JsonValue.Boolean(JsonValue.Get(found, "updating")),
            };
        }
    }

    /// <summary>How many people of the site are in each state, whatever is asked for</summary>
    public sealed class PeopleCounts
    {
        /// <summary>Whether the bot can write to one of the chats</summary>
        public long Linked { get; set; }

        /// <summary>How many have been given a link that has not expired</summary>
        public long Pending { get; set; }

        /// <summary>How many have never linked Telegram, or do not any more</summary>
        public long NotLinked { get; set; }

        /// <summary>How many want no messages</summary>
        public long OptedOut { get; set; }

        /// <summary>How many Telegram can not reach</summary>
        public long Unreachable { get; set; }

        internal static PeopleCounts ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PeopleCounts
            {
                Linked = JsonValue.Int64(JsonValue.Get(found, "linked")).GetValueOrDefault(),
                Pending = JsonValue.Int64(JsonValue.Get(found, "pending")).GetValueOrDefault(),
                NotLinked = JsonValue.Int64(JsonValue.Get(found, "not-linked")).GetValueOrDefault(),
                OptedOut = JsonValue.Int64(JsonValue.Get(found, "opted-out")).GetValueOrDefault(),
                Unreachable = JsonValue.Int64(JsonValue.Get(found, "unreachable")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>Whoever acts in an event</summary>
    public sealed class Person : IJsonObject
    {
        /// <summary>Passweb's id of the person</summary>
        public string Id { get; set; }

        /// <summary>The first name; companies have none</summary>
        public string FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public string LastName { get; set; }

        /// <summary>The name of the company</summary>
        public string CompanyName { get; set; }

        /// <summary>The names of user groups of the shop</summary>
        public IList<string> Groups { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("firstName", FirstName);
            writer.Property("lastName", LastName);
            writer.Property("companyName", CompanyName);
            writer.Property("groups", Groups);
            writer.EndObject();
        }
    }

    /// <summary>The kinds of templates, and what may stand in them</summary>
    public sealed class PlaceholdersAnswer
    {
        /// <summary>The kinds of templates</summary>
        public IList<PlaceholdersAnswerKind> Kinds { get; set; }

        /// <summary>The placeholders, each once</summary>
        public IList<PlaceholdersAnswerPlaceholder> Placeholders { get; set; }

        internal static PlaceholdersAnswer ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PlaceholdersAnswer
            {
                Kinds = JsonValue.List(JsonValue.Get(found, "kinds"), PasswebTelegram.PlaceholdersAnswerKind.ReadFrom),
                Placeholders = JsonValue.List(JsonValue.Get(found, "placeholders"), PasswebTelegram.PlaceholdersAnswerPlaceholder.ReadFrom),
            };
        }
    }

    /// <summary>PlaceholdersAnswerKind</summary>
    public sealed class PlaceholdersAnswerKind
    {
        /// <summary>What the person is to the shop</summary>
        public string Kind { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>What the kind is called</summary>
        public PlaceholdersAnswerKindName Name { get; set; }

        /// <summary>When it is sent, and to whom</summary>
        public PlaceholdersAnswerKindDescription Description { get; set; }

        /// <summary>Whether its templates name order statuses</summary>
        public bool HasStatuses { get; set; }

        /// <summary>Whether its messages have a button</summary>
        public bool HasButton { get; set; }

        /// <summary>The keys of its placeholders</summary>
        public IList<string> Placeholders { get; set; }

        internal static PlaceholdersAnswerKind ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PlaceholdersAnswerKind
            {
                Kind = JsonValue.Text(JsonValue.Get(found, "kind")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                Name = PasswebTelegram.PlaceholdersAnswerKindName.ReadFrom(JsonValue.Get(found, "name")),
                Description = PasswebTelegram.PlaceholdersAnswerKindDescription.ReadFrom(JsonValue.Get(found, "description")),
                HasStatuses = JsonValue.Boolean(JsonValue.Get(found, "hasStatuses")).GetValueOrDefault(),
                HasButton = JsonValue.Boolean(JsonValue.Get(found, "hasButton")).GetValueOrDefault(),
                Placeholders = JsonValue.List(JsonValue.Get(found, "placeholders"), JsonValue.Text),
            };
        }

        /// <summary>The values of <see cref="Kind"/>.</summary>
        public static class KindValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }
    }

    /// <summary>When it is sent, and to whom</summary>
    public sealed class PlaceholdersAnswerKindDescription
    {
        /// <summary>In Italian</summary>
        public string It { get; set; }

        /// <summary>In English</summary>
        public string En { get; set; }

        internal static PlaceholdersAnswerKindDescription ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PlaceholdersAnswerKindDescription
            {
                It = JsonValue.Text(JsonValue.Get(found, "it")),
                En = JsonValue.Text(JsonValue.Get(found, "en")),
            };
        }
    }

    /// <summary>What the kind is called</summary>
    public sealed class PlaceholdersAnswerKindName
    {
        /// <summary>In Italian</summary>
        public string It { get; set; }

        /// <summary>In English</summary>
        public string En { get; set; }

        internal static PlaceholdersAnswerKindName ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PlaceholdersAnswerKindName
            {
                It = JsonValue.Text(JsonValue.Get(found, "it")),
                En = JsonValue.Text(JsonValue.Get(found, "en")),
            };
        }
    }

    /// <summary>PlaceholdersAnswerPlaceholder</summary>
    public sealed class PlaceholdersAnswerPlaceholder
    {
        /// <summary>What stands between the braces</summary>
        public string Key { get; set; }

        /// <summary>What the placeholder is called</summary>
        public PlaceholdersAnswerPlaceholderName Name { get; set; }

        /// <summary>What it stands for</summary>
        public PlaceholdersAnswerPlaceholderDescription Description { get; set; }

        /// <summary>Whether the text is HTML; without it, text</summary>
        public string Format { get; set; }

        /// <summary>A value as people read it</summary>
        public PlaceholdersAnswerPlaceholderExample Example { get; set; }

        /// <summary>Whether some people or events have no value</summary>
        public bool MayBeMissing { get; set; }

        /// <summary>The kinds of templates that have it</summary>
        public IList<string> Kinds { get; set; }

        internal static PlaceholdersAnswerPlaceholder ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PlaceholdersAnswerPlaceholder
            {
                Key = JsonValue.Text(JsonValue.Get(found, "key")),
                Name = PasswebTelegram.PlaceholdersAnswerPlaceholderName.ReadFrom(JsonValue.Get(found, "name")),
                Description = PasswebTelegram.PlaceholdersAnswerPlaceholderDescription.ReadFrom(JsonValue.Get(found, "description")),
                Format = JsonValue.Text(JsonValue.Get(found, "format")),
                Example = PasswebTelegram.PlaceholdersAnswerPlaceholderExample.ReadFrom(JsonValue.Get(found, "example")),
                MayBeMissing = JsonValue.Boolean(JsonValue.Get(found, "mayBeMissing")).GetValueOrDefault(),
                Kinds = JsonValue.List(JsonValue.Get(found, "kinds"), JsonValue.Text),
            };
        }

        /// <summary>The values of <see cref="Format"/>.</summary>
        public static class FormatValues
        {
            public const string Text = "text";
            public const string Count = "count";
            public const string Money = "money";
            public const string Date = "date";
        }

        /// <summary>The values of <see cref="Kinds"/>.</summary>
        public static class KindsValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }
    }

    /// <summary>What it stands for</summary>
    public sealed class PlaceholdersAnswerPlaceholderDescription
    {
        /// <summary>In Italian</summary>
        public string It { get; set; }

        /// <summary>In English</summary>
        public string En { get; set; }

        internal static PlaceholdersAnswerPlaceholderDescription ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PlaceholdersAnswerPlaceholderDescription
            {
                It = JsonValue.Text(JsonValue.Get(found, "it")),
                En = JsonValue.Text(JsonValue.Get(found, "en")),
            };
        }
    }

    /// <summary>A value as people read it</summary>
    public sealed class PlaceholdersAnswerPlaceholderExample
    {
        /// <summary>In Italian</summary>
        public string It { get; set; }

        /// <summary>In English</summary>
        public string En { get; set; }

        internal static PlaceholdersAnswerPlaceholderExample ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PlaceholdersAnswerPlaceholderExample
            {
                It = JsonValue.Text(JsonValue.Get(found, "it")),
                En = JsonValue.Text(JsonValue.Get(found, "en")),
            };
        }
    }

    /// <summary>What the placeholder is called</summary>
    public sealed class PlaceholdersAnswerPlaceholderName
    {
        /// <summary>In Italian</summary>
        public string It { get; set; }

        /// <summary>In English</summary>
        public string En { get; set; }

        internal static PlaceholdersAnswerPlaceholderName ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PlaceholdersAnswerPlaceholderName
            {
                It = JsonValue.Text(JsonValue.Get(found, "it")),
                En = JsonValue.Text(JsonValue.Get(found, "en")),
            };
        }
    }

    /// <summary>A draft of a template, and what its placeholders stand for</summary>
    public sealed class PreviewBody : IJsonObject
    {
        /// <summary>Not read: a template may be sent as it was shown</summary>
        public string Id { get; set; }

        /// <summary>Not read: a template may be sent as it was shown</summary>
        public string Name { get; set; }

        /// <summary>Not read: a template may be sent as it was shown</summary>
        public bool? Enabled { get; set; }

        /// <summary>The kind of event that it is for</summary>
        public string Event { get; set; }

        /// <summary><c>order-status</c>: the order statuses that it manages, compared without case</summary>
        public IList<string> Statuses { get; set; }

        /// <summary>The names of user groups of the shop</summary>
        public IList<string> Groups { get; set; }

        /// <summary>Which recipients get it; absent: all</summary>
        public string Audience { get; set; }

        /// <summary>The text by language: Mustache and Telegram's HTML</summary>
        public IDictionary<string, string> Text { get; set; }

        /// <summary>The text of the button by language</summary>
        public IDictionary<string, string> Button { get; set; }

        /// <summary>The colour of the first button: blue, green or red; absent: as Telegram shows a button</summary>
        public string ButtonStyle { get; set; }

        /// <summary>The text of a second button by language</summary>
        public IDictionary<string, string> SecondButton { get; set; }

        /// <summary>Where the second button leads; absent: to the link of the event</summary>
        public string SecondButtonUrl { get; set; }

        /// <summary><c>order-status</c>: the text of the button that copies the tracking code, by language</summary>
        public IDictionary<string, string> TrackingButton { get; set; }

        /// <summary><c>order-status</c>: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own</summary>
        public PreviewBodyCard Card { get; set; }

        /// <summary><c>order-status</c>: the articles are a table with pictures, where Telegram takes it</summary>
        public bool? Rich { get; set; }

        /// <summary>Files: for how many minutes the notices of a folder are collected into one message</summary>
        public int? DigestMinutes { get; set; }

        /// <summary><c>abandoned-cart</c>: which message about a cart it is. 1, or absent: the first. 2 and 3 are advertising, sent only where the site has a <c>cartSeries</c> with that step, and the person has consented</summary>
        public int? Step { get; set; }

        /// <summary><c>abandoned-cart</c>, <c>step</c> 2 or 3: the code of a coupon, which the text may write and a button copies</summary>
        public string CouponCode { get; set; }

        /// <summary><c>abandoned-cart</c>, <c>step</c> 2 or 3: the text of the button that copies the coupon, by language</summary>
        public IDictionary<string, string> CouponButton { get; set; }

        /// <summary>Not read: a template may be sent as it was shown</summary>
        public string CreatedAt { get; set; }

        /// <summary>Not read: an answer may be sent back as it came</summary>
        public IList<object> Warnings { get; set; }

        /// <summary>Values of the placeholders; <c>null</c>: there is none</summary>
        public PreviewBodyValues Values { get; set; }

        /// <summary>Where the button leads</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("name", Name);
            writer.Property("enabled", Enabled);
            writer.Property("event", Event);
            writer.Property("statuses", Statuses);
            writer.Property("groups", Groups);
            writer.Property("audience", Audience);
            writer.Property("text", Text);
            writer.Property("button", Button);
            writer.Property("buttonStyle", ButtonStyle);
            writer.Property("secondButton", SecondButton);
            writer.Property("secondButtonUrl", SecondButtonUrl);
            writer.Property("trackingButton", TrackingButton);
            writer.Property("card", Card);
            writer.Property("rich", Rich);
            writer.Property("digestMinutes", DigestMinutes);
            writer.Property("step", Step);
            writer.Property("couponCode", CouponCode);
            writer.Property("couponButton", CouponButton);
            writer.Property("createdAt", CreatedAt);
            writer.Property("warnings", Warnings);
            writer.Property("values", Values);
            writer.Property("url", Url);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Event"/>.</summary>
        public static class EventValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }

        /// <summary>The values of <see cref="Audience"/>.</summary>
        public static class AudienceValues
        {
            public const string Everybody = "everybody";
            public const string Creator = "creator";
            public const string Recipients = "recipients";
        }

        /// <summary>The values of <see cref="ButtonStyle"/>.</summary>
        public static class ButtonStyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary><c>order-status</c>: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own</summary>
    public sealed class PreviewBodyCard : IJsonObject
    {
        /// <summary>The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case</summary>
        public IList<string> NewMessageFor { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("newMessageFor", NewMessageFor);
            writer.EndObject();
        }
    }

    /// <summary>Values of the placeholders; <c>null</c>: there is none</summary>
    public sealed class PreviewBodyValues : IJsonObject
    {
        /// <summary>The first name of the person who gets the message</summary>
        public Optional<string> Nome { get; set; }

        /// <summary>Their last name, or the name of their company</summary>
        public Optional<string> Cognome { get; set; }

        /// <summary>Both</summary>
        public Optional<string> Nominativo { get; set; }

        /// <summary>The address of the shop</summary>
        public Optional<string> UrlSito { get; set; }

        /// <summary>The name of the shop</summary>
        public Optional<string> NomeSito { get; set; }

        /// <summary>How many articles the order has</summary>
        public Optional<decimal?> NumeroArticoli { get; set; }

        /// <summary>The number of the order</summary>
        public Optional<string> SiglaDocumento { get; set; }

        /// <summary>The status of the order</summary>
        public Optional<string> StatoDocumento { get; set; }

        /// <summary>The total of the order</summary>
        public Optional<Money> TotaleOrdine { get; set; }

        /// <summary>The articles of the order, each in a line</summary>
        public Optional<string> ElencoArticoli { get; set; }

        /// <summary>The tracking code of the shipment</summary>
        public Optional<string> CodiceTracking { get; set; }

        /// <summary>How many articles the cart has</summary>
        public Optional<decimal?> NumeroArticoliCarrello { get; set; }

        /// <summary>The total of the cart</summary>
        public Optional<Money> TotaleCarrello { get; set; }

        /// <summary>The code of the coupon of the template</summary>
        public Optional<string> CodiceCoupon { get; set; }

        /// <summary>The subject of the message</summary>
        public Optional<string> OggettoMessaggio { get; set; }

        /// <summary>The text of the message</summary>
        public Optional<string> TestoMessaggio { get; set; }

        /// <summary>The date of the activity</summary>
        public Optional<string> DataAttivita { get; set; }

        /// <summary>The subject of the activity</summary>
        public Optional<string> OggettoAttivita { get; set; }

        /// <summary>The former status of the activity</summary>
        public Optional<string> VecchioStato { get; set; }

        /// <summary>The new status of the activity</summary>
        public Optional<string> NuovoStato { get; set; }

        /// <summary>The name of the folder</summary>
        public Optional<string> NomeCartella { get; set; }

        /// <summary>The name of the file</summary>
        public Optional<string> NomeFile { get; set; }

        /// <summary>How many documents there are</summary>
        public Optional<decimal?> NumeroFile { get; set; }

        /// <summary>The names of the documents, each in a line</summary>
        public Optional<string> ElencoFile { get; set; }

        /// <summary>What happened to the documents, in a sentence</summary>
        public Optional<string> RiepilogoFile { get; set; }

        /// <summary>Who acted: the sender, reader, viewer, uploader or downloader</summary>
        public Optional<string> Autore { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("nome", Nome);
            writer.Property("cognome", Cognome);
            writer.Property("nominativo", Nominativo);
            writer.Property("urlSito", UrlSito);
            writer.Property("nomeSito", NomeSito);
            writer.Property("numeroArticoli", NumeroArticoli);
            writer.Property("siglaDocumento", SiglaDocumento);
            writer.Property("statoDocumento", StatoDocumento);
            writer.Property("totaleOrdine", TotaleOrdine);
            writer.Property("elencoArticoli", ElencoArticoli);
            writer.Property("codiceTracking", CodiceTracking);
            writer.Property("numeroArticoliCarrello", NumeroArticoliCarrello);
            writer.Property("totaleCarrello", TotaleCarrello);
            writer.Property("codiceCoupon", CodiceCoupon);
            writer.Property("oggettoMessaggio", OggettoMessaggio);
            writer.Property("testoMessaggio", TestoMessaggio);
            writer.Property("dataAttivita", DataAttivita);
            writer.Property("oggettoAttivita", OggettoAttivita);
            writer.Property("vecchioStato", VecchioStato);
            writer.Property("nuovoStato", NuovoStato);
            writer.Property("nomeCartella", NomeCartella);
            writer.Property("nomeFile", NomeFile);
            writer.Property("numeroFile", NumeroFile);
            writer.Property("elencoFile", ElencoFile);
            writer.Property("riepilogoFile", RiepilogoFile);
            writer.Property("autore", Autore);
            writer.EndObject();
        }
    }

    /// <summary>A draft as people would read it</summary>
    public sealed class PreviewsAnswer
    {
        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>What can be saved, but may read badly</summary>
        public IList<FieldError> Warnings { get; set; }

        /// <summary>Values of the placeholders; <c>null</c>: there is none</summary>
        public PreviewsAnswerValues Values { get; set; }

        /// <summary>The message by language of the shop</summary>
        public IDictionary<string, PreviewsAnswerPreview> Previews { get; set; }

        internal static PreviewsAnswer ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PreviewsAnswer
            {
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                Warnings = JsonValue.List(JsonValue.Get(found, "warnings"), PasswebTelegram.FieldError.ReadFrom),
                Values = PasswebTelegram.PreviewsAnswerValues.ReadFrom(JsonValue.Get(found, "values")),
                Previews = JsonValue.Map(JsonValue.Get(found, "previews"), PasswebTelegram.PreviewsAnswerPreview.ReadFrom),
            };
        }

        /// <summary>The values of <see cref="Event"/>.</summary>
        public static class EventValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }
    }

    /// <summary>PreviewsAnswerPreview</summary>
    public sealed class PreviewsAnswerPreview
    {
        /// <summary>Which text of the template it is</summary>
        public string TextLanguage { get; set; }

        /// <summary>The message in Telegram's HTML</summary>
        public string Html { get; set; }

        /// <summary>The message without markup</summary>
        public string Text { get; set; }

        /// <summary>What is marked up, as Telegram's MessageEntity</summary>
        public IList<PreviewsAnswerPreviewEntity> Entities { get; set; }

        /// <summary>How long the text is, in UTF-16 code units</summary>
        public long Length { get; set; }

        /// <summary>How long it may be, in the same units</summary>
        public long MaxLength { get; set; }

        /// <summary>Whether values were cut to keep to it</summary>
        public bool Shortened { get; set; }

        /// <summary>The button below the message</summary>
        public PreviewsAnswerPreviewButton Button { get; set; }

        /// <summary>The buttons below the first one</summary>
        public IList<PreviewsAnswerPreviewMoreButton> MoreButtons { get; set; }

        internal static PreviewsAnswerPreview ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PreviewsAnswerPreview
            {
                TextLanguage = JsonValue.Text(JsonValue.Get(found, "textLanguage")),
                Html = JsonValue.Text(JsonValue.Get(found, "html")),
                Text = JsonValue.Text(JsonValue.Get(found, "text")),
                Entities = JsonValue.List(JsonValue.Get(found, "entities"), PasswebTelegram.PreviewsAnswerPreviewEntity.ReadFrom),
                Length = JsonValue.Int64(JsonValue.Get(found, "length")).GetValueOrDefault(),
                MaxLength = JsonValue.Int64(JsonValue.Get(found, "maxLength")).GetValueOrDefault(),
                Shortened = JsonValue.Boolean(JsonValue.Get(found, "shortened")).GetValueOrDefault(),
                Button = PasswebTelegram.PreviewsAnswerPreviewButton.ReadFrom(JsonValue.Get(found, "button")),
                MoreButtons = JsonValue.List(JsonValue.Get(found, "moreButtons"), PasswebTelegram.PreviewsAnswerPreviewMoreButton.ReadFrom),
            };
        }
    }

    /// <summary>The button below the message</summary>
    public sealed class PreviewsAnswerPreviewButton
    {
        /// <summary>What the button says</summary>
        public string Text { get; set; }

        /// <summary>Where it leads</summary>
        public string Url { get; set; }

        /// <summary>Its colour; absent: as Telegram shows a button</summary>
        public string Style { get; set; }

        internal static PreviewsAnswerPreviewButton ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PreviewsAnswerPreviewButton
            {
                Text = JsonValue.Text(JsonValue.Get(found, "text")),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Style = JsonValue.Text(JsonValue.Get(found, "style")),
            };
        }

        /// <summary>The values of <see cref="Style"/>.</summary>
        public static class StyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary>PreviewsAnswerPreviewEntity</summary>
    public sealed class PreviewsAnswerPreviewEntity
    {
        /// <summary>The kind of markup</summary>
        public string Type { get; set; }

        /// <summary>Where it begins, in UTF-16 code units</summary>
        public long Offset { get; set; }

        /// <summary>How long it is, in UTF-16 code units</summary>
        public long Length { get; set; }

        /// <summary><c>text_link</c>: where it leads</summary>
        public string Url { get; set; }

        /// <summary><c>pre</c>: the programming language</summary>
        public string Language { get; set; }

        /// <summary><c>text_mention</c>: the number of the account</summary>
        public long? UserId { get; set; }

        /// <summary><c>custom_emoji</c>: its id</summary>
        public string CustomEmojiId { get; set; }

        /// <summary><c>date_time</c>: seconds since 1970</summary>
        public long? UnixTime { get; set; }

        /// <summary><c>date_time</c>: how it is shown</summary>
        public string DateTimeFormat { get; set; }

        internal static PreviewsAnswerPreviewEntity ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PreviewsAnswerPreviewEntity
            {
                Type = JsonValue.Text(JsonValue.Get(found, "type")),
                Offset = JsonValue.Int64(JsonValue.Get(found, "offset")).GetValueOrDefault(),
                Length = JsonValue.Int64(JsonValue.Get(found, "length")).GetValueOrDefault(),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Language = JsonValue.Text(JsonValue.Get(found, "language")),
                UserId = JsonValue.Int64(JsonValue.Get(found, "user_id")),
                CustomEmojiId = JsonValue.Text(JsonValue.Get(found, "custom_emoji_id")),
                UnixTime = JsonValue.Int64(JsonValue.Get(found, "unix_time")),
                DateTimeFormat = JsonValue.Text(JsonValue.Get(found, "date_time_format")),
            };
        }
    }

    /// <summary>PreviewsAnswerPreviewMoreButton</summary>
    public sealed class PreviewsAnswerPreviewMoreButton
    {
        /// <summary>What the button says</summary>
        public string Text { get; set; }

        /// <summary>Where it leads</summary>
        public string Url { get; set; }

        /// <summary>Its colour; absent: as Telegram shows a button</summary>
        public string Style { get; set; }

        /// <summary>What one touch copies</summary>
        public string CopyText { get; set; }

        internal static PreviewsAnswerPreviewMoreButton ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PreviewsAnswerPreviewMoreButton
            {
                Text = JsonValue.Text(JsonValue.Get(found, "text")),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Style = JsonValue.Text(JsonValue.Get(found, "style")),
                CopyText = JsonValue.Text(JsonValue.Get(found, "copyText")),
            };
        }

        /// <summary>The values of <see cref="Style"/>.</summary>
        public static class StyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary>Values of the placeholders; <c>null</c>: there is none</summary>
    public sealed class PreviewsAnswerValues
    {
        /// <summary>The first name of the person who gets the message</summary>
        public string Nome { get; set; }

        /// <summary>Their last name, or the name of their company</summary>
        public string Cognome { get; set; }

        /// <summary>Both</summary>
        public string Nominativo { get; set; }

        /// <summary>The address of the shop</summary>
        public string UrlSito { get; set; }

        /// <summary>The name of the shop</summary>
        public string NomeSito { get; set; }

        /// <summary>How many articles the order has</summary>
        public long? NumeroArticoli { get; set; }

        /// <summary>The number of the order</summary>
        public string SiglaDocumento { get; set; }

        /// <summary>The status of the order</summary>
        public string StatoDocumento { get; set; }

        /// <summary>The total of the order</summary>
        public Money TotaleOrdine { get; set; }

        /// <summary>The articles of the order, each in a line</summary>
        public string ElencoArticoli { get; set; }

        /// <summary>The tracking code of the shipment</summary>
        public string CodiceTracking { get; set; }

        /// <summary>How many articles the cart has</summary>
        public long? NumeroArticoliCarrello { get; set; }

        /// <summary>The total of the cart</summary>
        public Money TotaleCarrello { get; set; }

        /// <summary>The code of the coupon of the template</summary>
        public string CodiceCoupon { get; set; }

        /// <summary>The subject of the message</summary>
        public string OggettoMessaggio { get; set; }

        /// <summary>The text of the message</summary>
        public string TestoMessaggio { get; set; }

        /// <summary>The date of the activity</summary>
        public string DataAttivita { get; set; }

        /// <summary>The subject of the activity</summary>
        public string OggettoAttivita { get; set; }

        /// <summary>The former status of the activity</summary>
        public string VecchioStato { get; set; }

        /// <summary>The new status of the activity</summary>
        public string NuovoStato { get; set; }

        /// <summary>The name of the folder</summary>
        public string NomeCartella { get; set; }

        /// <summary>The name of the file</summary>
        public string NomeFile { get; set; }

        /// <summary>How many documents there are</summary>
        public long? NumeroFile { get; set; }

        /// <summary>The names of the documents, each in a line</summary>
        public string ElencoFile { get; set; }

        /// <summary>What happened to the documents, in a sentence</summary>
        public string RiepilogoFile { get; set; }

        /// <summary>Who acted: the sender, reader, viewer, uploader or downloader</summary>
        public string Autore { get; set; }

        internal static PreviewsAnswerValues ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PreviewsAnswerValues
            {
                Nome = JsonValue.Text(JsonValue.Get(found, "nome")),
                Cognome = JsonValue.Text(JsonValue.Get(found, "cognome")),
                Nominativo = JsonValue.Text(JsonValue.Get(found, "nominativo")),
                UrlSito = JsonValue.Text(JsonValue.Get(found, "urlSito")),
                NomeSito = JsonValue.Text(JsonValue.Get(found, "nomeSito")),
                NumeroArticoli = JsonValue.Int64(JsonValue.Get(found, "numeroArticoli")),
                SiglaDocumento = JsonValue.Text(JsonValue.Get(found, "siglaDocumento")),
                StatoDocumento = JsonValue.Text(JsonValue.Get(found, "statoDocumento")),
                TotaleOrdine = PasswebTelegram.Money.ReadFrom(JsonValue.Get(found, "totaleOrdine")),
                ElencoArticoli = JsonValue.Text(JsonValue.Get(found, "elencoArticoli")),
                CodiceTracking = JsonValue.Text(JsonValue.Get(found, "codiceTracking")),
                NumeroArticoliCarrello = JsonValue.Int64(JsonValue.Get(found, "numeroArticoliCarrello")),
                TotaleCarrello = PasswebTelegram.Money.ReadFrom(JsonValue.Get(found, "totaleCarrello")),
                CodiceCoupon = JsonValue.Text(JsonValue.Get(found, "codiceCoupon")),
                OggettoMessaggio = JsonValue.Text(JsonValue.Get(found, "oggettoMessaggio")),
                TestoMessaggio = JsonValue.Text(JsonValue.Get(found, "testoMessaggio")),
                DataAttivita = JsonValue.Text(JsonValue.Get(found, "dataAttivita")),
                OggettoAttivita = JsonValue.Text(JsonValue.Get(found, "oggettoAttivita")),
                VecchioStato = JsonValue.Text(JsonValue.Get(found, "vecchioStato")),
                NuovoStato = JsonValue.Text(JsonValue.Get(found, "nuovoStato")),
                NomeCartella = JsonValue.Text(JsonValue.Get(found, "nomeCartella")),
                NomeFile = JsonValue.Text(JsonValue.Get(found, "nomeFile")),
                NumeroFile = JsonValue.Int64(JsonValue.Get(found, "numeroFile")),
                ElencoFile = JsonValue.Text(JsonValue.Get(found, "elencoFile")),
                RiepilogoFile = JsonValue.Text(JsonValue.Get(found, "riepilogoFile")),
                Autore = JsonValue.Text(JsonValue.Get(found, "autore")),
            };
        }
    }

    /// <summary>PutSiteAnswer</summary>
    public sealed class PutSiteAnswer
    {
        /// <summary>The id of the shop, as in its paths</summary>
        public string SiteId { get; set; }

        /// <summary>The name of the shop, as its customers read it</summary>
        public string Name { get; set; }

        /// <summary>The address of the shop; links in messages lead there</summary>
        public string Url { get; set; }

        /// <summary>Whether the shop has bought the Telegram module; only the platform can change it</summary>
        public bool ModuleActive { get; set; }

        /// <summary>Whether the merchant has the integration switched on; off, nothing is sent and everything is kept</summary>
        public bool Active { get; set; }

        /// <summary>The languages of the shop, as BCP 47 tags; every template has a text in each</summary>
        public IList<string> Languages { get; set; }

        /// <summary>One of <c>languages</c>: that of a person of whom no language is known</summary>
        public string DefaultLanguage { get; set; }

        /// <summary>IANA name, such as <c>Europe/Rome</c>: dates are shown in it</summary>
        public string TimeZone { get; set; }

        /// <summary>When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours</summary>
        public PutSiteAnswerQuietHours QuietHours { get; set; }

        /// <summary>How many hours after a cart was abandoned its user is told; fractions are allowed</summary>
        public decimal AbandonedCartHours { get; set; }

        /// <summary>Further messages about an abandoned cart, which are advertising: only people get them of whom <c>marketingConsent</c> is given. Absent: one message, which needs no consent</summary>
        public PutSiteAnswerCartSeries CartSeries { get; set; }

        /// <summary>The user groups with "Gestione Telegram"; none named: no limit</summary>
        public IList<string> TelegramGroups { get; set; }

        /// <summary>Whether documents that the back office uploads notify</summary>
        public bool Docuvision { get; set; }

        /// <summary>Who works in the shop, and what they are told; absent: nobody</summary>
        public IList<PutSiteAnswerStaffEntry> Staff { get; set; }

        /// <summary>How customers reach the merchant, as the bot tells them</summary>
        public string MerchantContact { get; set; }

        /// <summary>The https address of the shop's privacy notice</summary>
        public string PrivacyUrl { get; set; }

        /// <summary>The text of the button of all order messages, by language; a template may have its own</summary>
        public IDictionary<string, string> OrderButton { get; set; }

        /// <summary>The text of the button of all cart messages, by language; a template may have its own</summary>
        public IDictionary<string, string> CartButton { get; set; }

        /// <summary>Whether the links to the shop in its messages lead through <c>/c/…</c>, which counts who opens them; absent: they do not</summary>
        public bool? CountClicks { get; set; }

        /// <summary>How people are addressed in Italian: <c>tu</c>, or the formal <c>lei</c></summary>
        public string Tone { get; set; }

        /// <summary>Addresses that the site had before, the latest first</summary>
        public IList<PutSiteAnswerFormerUrl> FormerUrls { get; set; }

        /// <summary>The bot of the shop; absent before one is saved</summary>
        public PutSiteAnswerBot Bot { get; set; }

        /// <summary>The bot with which the site can get one without @BotFather; absent where the deployment has none</summary>
        public PutSiteAnswerManagerBot ManagerBot { get; set; }

        /// <summary>Only after a move to another host, scheme or port: what has to be changed at @BotFather, in sentences</summary>
        public IList<string> Reminders { get; set; }

        /// <summary>The key, shown this once: only its hash is kept</summary>
        public string SiteKey { get; set; }

        /// <summary>The first 8 hexadecimal digits of the SHA-256 of the key</summary>
        public string KeyId { get; set; }

        internal static PutSiteAnswer ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PutSiteAnswer
            {
                SiteId = JsonValue.Text(JsonValue.Get(found, "siteId")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                ModuleActive = JsonValue.Boolean(JsonValue.Get(found, "moduleActive")).GetValueOrDefault(),
                Active = JsonValue.Boolean(JsonValue.Get(found, "active")).GetValueOrDefault(),
                Languages = JsonValue.List(JsonValue.Get(found, "languages"), JsonValue.Text),
                DefaultLanguage = JsonValue.Text(JsonValue.Get(found, "defaultLanguage")),
                TimeZone = JsonValue.Text(JsonValue.Get(found, "timeZone")),
                QuietHours = PasswebTelegram.PutSiteAnswerQuietHours.ReadFrom(JsonValue.Get(found, "quietHours")),
                AbandonedCartHours = JsonValue.Decimal(JsonValue.Get(found, "abandonedCartHours")).GetValueOrDefault(),
                CartSeries = PasswebTelegram.PutSiteAnswerCartSeries.ReadFrom(JsonValue.Get(found, "cartSeries")),
                TelegramGroups = JsonValue.List(JsonValue.Get(found, "telegramGroups"), JsonValue.Text),
                Docuvision = JsonValue.Boolean(JsonValue.Get(found, "docuvision")).GetValueOrDefault(),
                Staff = JsonValue.List(JsonValue.Get(found, "staff"), PasswebTelegram.PutSiteAnswerStaffEntry.ReadFrom),
                MerchantContact = JsonValue.Text(JsonValue.Get(found, "merchantContact")),
                PrivacyUrl = JsonValue.Text(JsonValue.Get(found, "privacyUrl")),
                OrderButton = JsonValue.Map(JsonValue.Get(found, "orderButton"), JsonValue.Text),
                CartButton = JsonValue.Map(JsonValue.Get(found, "cartButton"), JsonValue.Text),
                CountClicks = JsonValue.Boolean(JsonValue.Get(found, "countClicks")),
                Tone = JsonValue.Text(JsonValue.Get(found, "tone")),
                FormerUrls = JsonValue.List(JsonValue.Get(found, "formerUrls"), PasswebTelegram.PutSiteAnswerFormerUrl.ReadFrom),
                Bot = PasswebTelegram.PutSiteAnswerBot.ReadFrom(JsonValue.Get(found, "bot")),
                ManagerBot = PasswebTelegram.PutSiteAnswerManagerBot.ReadFrom(JsonValue.Get(found, "managerBot")),
                Reminders = JsonValue.List(JsonValue.Get(found, "reminders"), JsonValue.Text),
                SiteKey = JsonValue.Text(JsonValue.Get(found, "siteKey")),
                KeyId = JsonValue.Text(JsonValue.Get(found, "keyId")),
            };
        }

        /// <summary>The values of <see cref="Tone"/>.</summary>
        public static class ToneValues
        {
            public const string Tu = "tu";
            public const string Lei = "lei";
        }
    }

    /// <summary>The bot of the shop; absent before one is saved</summary>
    public sealed class PutSiteAnswerBot
    {
        /// <summary>The number of the bot at Telegram, as text: the digits before the ":" of its token</summary>
        public string Id { get; set; }

        /// <summary>The username of the bot, without @</summary>
        public string Username { get; set; }

        /// <summary>Whether it was made with the manager bot, which can give it another token</summary>
        public bool? Managed { get; set; }

        /// <summary>Why nothing can be sent with the bot now; absent while all is well</summary>
        public PutSiteAnswerBotProblem Problem { get; set; }

        internal static PutSiteAnswerBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PutSiteAnswerBot
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Username = JsonValue.Text(JsonValue.Get(found, "username")),
                Managed = JsonValue.Boolean(JsonValue.Get(found, "managed")),
                Problem = PasswebTelegram.PutSiteAnswerBotProblem.ReadFrom(JsonValue.Get(found, "problem")),
            };
        }
    }

    /// <summary>Why nothing can be sent with the bot now; absent while all is well</summary>
    public sealed class PutSiteAnswerBotProblem
    {
        /// <summary>What is wrong, for programs</summary>
        public string Kind { get; set; }

        /// <summary>Since when</summary>
        public DateTimeOffset Since { get; set; }

        /// <summary>The same in the words of Telegram, or in ours</summary>
        public string Description { get; set; }

        internal static PutSiteAnswerBotProblem ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PutSiteAnswerBotProblem
            {
                Kind = JsonValue.Text(JsonValue.Get(found, "kind")),
                Since = JsonValue.Instant(JsonValue.Get(found, "since")).GetValueOrDefault(),
                Description = JsonValue.Text(JsonValue.Get(found, "description")),
            };
        }
    }

    /// <summary>Further messages about an abandoned cart, which are advertising: only people get them of whom <c>marketingConsent</c> is given. Absent: one message, which needs no consent</summary>
    public sealed class PutSiteAnswerCartSeries
    {
        /// <summary>The second message, and the third</summary>
        public IList<PutSiteAnswerCartSeriesStep> Steps { get; set; }

        internal static PutSiteAnswerCartSeries ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PutSiteAnswerCartSeries
            {
                Steps = JsonValue.List(JsonValue.Get(found, "steps"), PasswebTelegram.PutSiteAnswerCartSeriesStep.ReadFrom),
            };
        }
    }

    /// <summary>PutSiteAnswerCartSeriesStep</summary>
    public sealed class PutSiteAnswerCartSeriesStep
    {
        /// <summary>How many hours after the cart was abandoned it is sent: later than the message before; fractions are allowed</summary>
        public decimal AfterHours { get; set; }

        internal static PutSiteAnswerCartSeriesStep ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PutSiteAnswerCartSeriesStep
            {
                AfterHours = JsonValue.Decimal(JsonValue.Get(found, "afterHours")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>PutSiteAnswerFormerUrl</summary>
    public sealed class PutSiteAnswerFormerUrl
    {
        /// <summary>An address that the site had before</summary>
        public string Url { get; set; }

        /// <summary>Until when links of events may be on its host</summary>
        public DateTimeOffset Until { get; set; }

        internal static PutSiteAnswerFormerUrl ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PutSiteAnswerFormerUrl
            {
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Until = JsonValue.Instant(JsonValue.Get(found, "until")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>The bot with which the site can get one without @BotFather; absent where the deployment has none</summary>
    public sealed class PutSiteAnswerManagerBot
    {
        /// <summary>Its username, without @</summary>
        public string Username { get; set; }

        internal static PutSiteAnswerManagerBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PutSiteAnswerManagerBot
            {
                Username = JsonValue.Text(JsonValue.Get(found, "username")),
            };
        }
    }

    /// <summary>When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours</summary>
    public sealed class PutSiteAnswerQuietHours
    {
        /// <summary>When they begin: <c>HH:MM</c></summary>
        public string From { get; set; }

        /// <summary>When they end: <c>HH:MM</c>; before <c>from</c>, it is the next day</summary>
        public string To { get; set; }

        /// <summary><c>silent</c>: messages go out without a sound. <c>after</c>: they wait until the quiet hours are over</summary>
        public string Mode { get; set; }

        internal static PutSiteAnswerQuietHours ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PutSiteAnswerQuietHours
            {
                From = JsonValue.Text(JsonValue.Get(found, "from")),
                To = JsonValue.Text(JsonValue.Get(found, "to")),
                Mode = JsonValue.Text(JsonValue.Get(found, "mode")),
            };
        }

        /// <summary>The values of <see cref="Mode"/>.</summary>
        public static class ModeValues
        {
            public const string Silent = "silent";
            public const string After = "after";
        }
    }

    /// <summary>PutSiteAnswerStaffEntry</summary>
    public sealed class PutSiteAnswerStaffEntry
    {
        /// <summary>Whom: a user of the site, by Passweb's id</summary>
        public string UserId { get; set; }

        /// <summary>What they are told. <c>new-order</c>: an order is reported for the first time. <c>failures</c>: messages have failed, at most once an hour. <c>bot-refused</c>: Telegram takes the token of the bot again, which it refused. <c>module-off</c>: messages are switched off</summary>
        public IList<string> Notices { get; set; }

        internal static PutSiteAnswerStaffEntry ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new PutSiteAnswerStaffEntry
            {
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                Notices = JsonValue.List(JsonValue.Get(found, "notices"), JsonValue.Text),
            };
        }

        /// <summary>The values of <see cref="Notices"/>.</summary>
        public static class NoticesValues
        {
            public const string NewOrder = "new-order";
            public const string Failures = "failures";
            public const string BotRefused = "bot-refused";
            public const string ModuleOff = "module-off";
        }
    }

    /// <summary>The hours in which no phone rings</summary>
    public sealed class QuietHours : IJsonObject
    {
        /// <summary>When they begin: <c>HH:MM</c></summary>
        public string From { get; set; }

        /// <summary>When they end: <c>HH:MM</c>; before <c>from</c>, it is the next day</summary>
        public string To { get; set; }

        /// <summary><c>silent</c>: messages go out without a sound. <c>after</c>: they wait until the quiet hours are over</summary>
        public string Mode { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("from", From);
            writer.Property("to", To);
            writer.Property("mode", Mode);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Mode"/>.</summary>
        public static class ModeValues
        {
            public const string Silent = "silent";
            public const string After = "after";
        }
    }

    /// <summary>Whoever a notification is for. Send all names that you have of a person, each time: if there is one, those that were known are replaced, also by nothing</summary>
    public sealed class Recipient : IJsonObject
    {
        /// <summary>Passweb's id of the person</summary>
        public string Id { get; set; }

        /// <summary>The first name; companies have none</summary>
        public string FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public string LastName { get; set; }

        /// <summary>The name of the company</summary>
        public string CompanyName { get; set; }

        /// <summary>The user groups of the shop they are in</summary>
        public IList<string> Groups { get; set; }

        /// <summary>BCP 47</summary>
        public string Language { get; set; }

        /// <summary>What the person is to the shop</summary>
        public string Kind { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("firstName", FirstName);
            writer.Property("lastName", LastName);
            writer.Property("companyName", CompanyName);
            writer.Property("groups", Groups);
            writer.Property("language", Language);
            writer.Property("kind", Kind);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Kind"/>.</summary>
        public static class KindValues
        {
            public const string Customer = "customer";
            public const string ReservedArea = "reserved-area";
            public const string Agent = "agent";
            public const string Administrator = "administrator";
        }
    }

    /// <summary>The other id</summary>
    public sealed class RenameBody : IJsonObject
    {
        /// <summary>The id that the user has from now on</summary>
        public string UserId { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("userId", UserId);
            writer.EndObject();
        }
    }

    /// <summary>The message is on its way once more</summary>
    public sealed class Resent
    {
        /// <summary>Of the new line in the log</summary>
        public string DeliveryId { get; set; }

        /// <summary>Of the line whose message it is</summary>
        public string ResendOf { get; set; }

        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>It is on its way</summary>
        public string Status { get; set; }

        /// <summary>It is on its way already, or was sent within the last minute: nothing was added</summary>
        public bool? Repeated { get; set; }

        internal static Resent ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Resent
            {
                DeliveryId = JsonValue.Text(JsonValue.Get(found, "deliveryId")),
                ResendOf = JsonValue.Text(JsonValue.Get(found, "resendOf")),
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                Status = JsonValue.Text(JsonValue.Get(found, "status")),
                Repeated = JsonValue.Boolean(JsonValue.Get(found, "repeated")),
            };
        }
    }

    /// <summary>A <c>version</c> that <c>GET …/versions</c> names, or the <c>default</c> that a new site has</summary>
    public sealed class RestoreBody : IJsonObject
    {
        /// <summary>The number of the version</summary>
        public int? Version { get; set; }

        /// <summary>The text that a new site has</summary>
        public bool? Default { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("version", Version);
            writer.Property("default", Default);
            writer.EndObject();
        }
    }

    /// <summary>A template that was just saved</summary>
    public sealed class SavedTemplate
    {
        /// <summary>The id of the template</summary>
        public string Id { get; set; }

        /// <summary>The merchant's name for the template</summary>
        public string Name { get; set; }

        /// <summary>The kind of event that it is for</summary>
        public string Event { get; set; }

        /// <summary>Whether it sends</summary>
        public bool Enabled { get; set; }

        /// <summary><c>order-status</c>: the order statuses that it manages, compared without case</summary>
        public IList<string> Statuses { get; set; }

        /// <summary>The user groups that receive it; absent: every user</summary>
        public IList<string> Groups { get; set; }

        /// <summary>Which recipients get it; absent: all</summary>
        public string Audience { get; set; }

        /// <summary>The text by language: Mustache and Telegram's HTML</summary>
        public IDictionary<string, string> Text { get; set; }

        /// <summary>The text of the button by language; absent: a default one</summary>
        public IDictionary<string, string> Button { get; set; }

        /// <summary>The colour of the first button: blue, green or red; absent: as Telegram shows a button</summary>
        public string ButtonStyle { get; set; }

        /// <summary>The text of a second button by language</summary>
        public IDictionary<string, string> SecondButton { get; set; }

        /// <summary>Where the second button leads; absent: to the link of the event</summary>
        public string SecondButtonUrl { get; set; }

        /// <summary><c>order-status</c>: the text of the button that copies the tracking code, by language</summary>
        public IDictionary<string, string> TrackingButton { get; set; }

        /// <summary><c>order-status</c>: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own</summary>
        public SavedTemplateCard Card { get; set; }

        /// <summary><c>order-status</c>: the articles are a table with pictures, where Telegram takes it</summary>
        public bool? Rich { get; set; }

        /// <summary>Files: for how many minutes the notices of a folder are collected into one message</summary>
        public long? DigestMinutes { get; set; }

        /// <summary><c>abandoned-cart</c>: which message about a cart it is. 1, or absent: the first. 2 and 3 are advertising, sent only where the site has a <c>cartSeries</c> with that step, and the person has consented</summary>
        public long? Step { get; set; }

        /// <summary><c>abandoned-cart</c>, <c>step</c> 2 or 3: the code of a coupon, which the text may write and a button copies</summary>
        public string CouponCode { get; set; }

        /// <summary><c>abandoned-cart</c>, <c>step</c> 2 or 3: the text of the button that copies the coupon, by language</summary>
        public IDictionary<string, string> CouponButton { get; set; }

        /// <summary>When it was created; absent for the default templates</summary>
        public DateTimeOffset? CreatedAt { get; set; }

        /// <summary>Texts that can be saved, but may read badly to people for whom a value is missing, each with how it then reads; and other enabled templates that send the same event to some of the same people. Absent if there are none</summary>
        public IList<FieldError> Warnings { get; set; }

        internal static SavedTemplate ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SavedTemplate
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                Enabled = JsonValue.Boolean(JsonValue.Get(found, "enabled")).GetValueOrDefault(),
                Statuses = JsonValue.List(JsonValue.Get(found, "statuses"), JsonValue.Text),
                Groups = JsonValue.List(JsonValue.Get(found, "groups"), JsonValue.Text),
                Audience = JsonValue.Text(JsonValue.Get(found, "audience")),
                Text = JsonValue.Map(JsonValue.Get(found, "text"), JsonValue.Text),
                Button = JsonValue.Map(JsonValue.Get(found, "button"), JsonValue.Text),
                ButtonStyle = JsonValue.Text(JsonValue.Get(found, "buttonStyle")),
                SecondButton = JsonValue.Map(JsonValue.Get(found, "secondButton"), JsonValue.Text),
                SecondButtonUrl = JsonValue.Text(JsonValue.Get(found, "secondButtonUrl")),
                TrackingButton = JsonValue.Map(JsonValue.Get(found, "trackingButton"), JsonValue.Text),
                Card = PasswebTelegram.SavedTemplateCard.ReadFrom(JsonValue.Get(found, "card")),
                Rich = JsonValue.Boolean(JsonValue.Get(found, "rich")),
                DigestMinutes = JsonValue.Int64(JsonValue.Get(found, "digestMinutes")),
                Step = JsonValue.Int64(JsonValue.Get(found, "step")),
                CouponCode = JsonValue.Text(JsonValue.Get(found, "couponCode")),
                CouponButton = JsonValue.Map(JsonValue.Get(found, "couponButton"), JsonValue.Text),
                CreatedAt = JsonValue.Instant(JsonValue.Get(found, "createdAt")),
                Warnings = JsonValue.List(JsonValue.Get(found, "warnings"), PasswebTelegram.FieldError.ReadFrom),
            };
        }

        /// <summary>The values of <see cref="Event"/>.</summary>
        public static class EventValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }

        /// <summary>The values of <see cref="Audience"/>.</summary>
        public static class AudienceValues
        {
            public const string Everybody = "everybody";
            public const string Creator = "creator";
            public const string Recipients = "recipients";
        }

        /// <summary>The values of <see cref="ButtonStyle"/>.</summary>
        public static class ButtonStyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary><c>order-status</c>: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own</summary>
    public sealed class SavedTemplateCard
    {
        /// <summary>The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case</summary>
        public IList<string> NewMessageFor { get; set; }

        internal static SavedTemplateCard ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SavedTemplateCard
            {
                NewMessageFor = JsonValue.List(JsonValue.Get(found, "newMessageFor"), JsonValue.Text),
            };
        }
    }

    /// <summary>The webhook that was just saved</summary>
    public sealed class SavedWebhook
    {
        /// <summary>The address that is called</summary>
        public string Url { get; set; }

        /// <summary>The kinds of what is told</summary>
        public IList<string> Events { get; set; }

        /// <summary>When it was made</summary>
        public DateTimeOffset CreatedAt { get; set; }

        /// <summary>With which calls are signed, newest first: at most four, a fifth ends the oldest. What they are is never shown again</summary>
        public IList<SavedWebhookSecret> Secrets { get; set; }

        /// <summary>Set: it is switched off until it is saved again</summary>
        public SavedWebhookProblem Problem { get; set; }

        /// <summary>The endpoint takes nothing: it is tried again then</summary>
        public DateTimeOffset? PausedUntil { get; set; }

        /// <summary>How much was given up, each after a day</summary>
        public long Dropped { get; set; }

        /// <summary>The last calls, newest first: 20, and the last five tests</summary>
        public IList<WebhookTry> Tries { get; set; }

        /// <summary>Shown this once: <c>whsec_</c> and base64. Absent with <c>keepSecret</c></summary>
        public string Secret { get; set; }

        internal static SavedWebhook ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SavedWebhook
            {
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Events = JsonValue.List(JsonValue.Get(found, "events"), JsonValue.Text),
                CreatedAt = JsonValue.Instant(JsonValue.Get(found, "createdAt")).GetValueOrDefault(),
                Secrets = JsonValue.List(JsonValue.Get(found, "secrets"), PasswebTelegram.SavedWebhookSecret.ReadFrom),
                Problem = PasswebTelegram.SavedWebhookProblem.ReadFrom(JsonValue.Get(found, "problem")),
                PausedUntil = JsonValue.Instant(JsonValue.Get(found, "pausedUntil")),
                Dropped = JsonValue.Int64(JsonValue.Get(found, "dropped")).GetValueOrDefault(),
                Tries = JsonValue.List(JsonValue.Get(found, "tries"), PasswebTelegram.WebhookTry.ReadFrom),
                Secret = JsonValue.Text(JsonValue.Get(found, "secret")),
            };
        }

        /// <summary>The values of <see cref="Events"/>.</summary>
        public static class EventsValues
        {
            public const string UserLinked = "user.linked";
            public const string UserOptedOut = "user.opted-out";
            public const string UserUnreachable = "user.unreachable";
            public const string UserReturned = "user.returned";
            public const string DeliverySent = "delivery.sent";
            public const string DeliveryFailed = "delivery.failed";
            public const string DeliverySkipped = "delivery.skipped";
            public const string DeliveryClicked = "delivery.clicked";
            public const string BotProblem = "bot.problem";
        }
    }

    /// <summary>Set: it is switched off until it is saved again</summary>
    public sealed class SavedWebhookProblem
    {
        /// <summary>What is wrong, for programs</summary>
        public string Kind { get; set; }

        /// <summary>Since when</summary>
        public DateTimeOffset Since { get; set; }

        /// <summary>The same in the words of Telegram, or in ours</summary>
        public string Description { get; set; }

        internal static SavedWebhookProblem ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SavedWebhookProblem
            {
                Kind = JsonValue.Text(JsonValue.Get(found, "kind")),
                Since = JsonValue.Instant(JsonValue.Get(found, "since")).GetValueOrDefault(),
                Description = JsonValue.Text(JsonValue.Get(found, "description")),
            };
        }

        /// <summary>The values of <see cref="Kind"/>.</summary>
        public static class KindValues
        {
            public const string EndpointGone = "endpoint-gone";
            public const string EndpointFailing = "endpoint-failing";
        }
    }

    /// <summary>SavedWebhookSecret</summary>
    public sealed class SavedWebhookSecret
    {
        /// <summary>When it was made</summary>
        public DateTimeOffset CreatedAt { get; set; }

        /// <summary>Until when the secret signs, if no fourth one is made after it; absent: for as long as there is no other</summary>
        public DateTimeOffset? ValidUntil { get; set; }

        internal static SavedWebhookSecret ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SavedWebhookSecret
            {
                CreatedAt = JsonValue.Instant(JsonValue.Get(found, "createdAt")).GetValueOrDefault(),
                ValidUntil = JsonValue.Instant(JsonValue.Get(found, "validUntil")),
            };
        }
    }

    /// <summary>A cart, a reminder or a message that is still to come</summary>
    public sealed class Scheduled
    {
        /// <summary>What the person is to the shop</summary>
        public string Kind { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>Of the cart, the activity or the delivery; <c>digest</c>: the delivery of its first notice</summary>
        public string Id { get; set; }

        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>The present name, or else that of the event</summary>
        public string UserName { get; set; }

        /// <summary>The name that the template has now; absent where it is gone</summary>
        public string TemplateName { get; set; }

        /// <summary>When it is due. <c>message</c>: when it is looked at again</summary>
        public DateTimeOffset DueAt { get; set; }

        /// <summary><c>cart</c>: which message about it this is, 2 or 3; absent: the first</summary>
        public long? Step { get; set; }

        /// <summary><c>cart</c>: number of articles</summary>
        public decimal? ItemCount { get; set; }

        /// <summary>What it costs</summary>
        public ScheduledTotal Total { get; set; }

        /// <summary>Its subject</summary>
        public string Subject { get; set; }

        /// <summary><c>reminder</c>: of the activity, as it was reported</summary>
        public string Date { get; set; }

        /// <summary><c>digest</c>: whose notices are collected</summary>
        public string Folder { get; set; }

        /// <summary><c>digest</c>: how many there are by now</summary>
        public long? Notices { get; set; }

        /// <summary><c>message</c>: why it waits</summary>
        public string Reason { get; set; }

        /// <summary>What it waits for, and what the merchant can do</summary>
        public Words Message { get; set; }

        internal static Scheduled ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Scheduled
            {
                Kind = JsonValue.Text(JsonValue.Get(found, "kind")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                EventId = JsonValue.Text(JsonValue.Get(found, "eventId")),
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                UserName = JsonValue.Text(JsonValue.Get(found, "userName")),
                TemplateName = JsonValue.Text(JsonValue.Get(found, "templateName")),
                DueAt = JsonValue.Instant(JsonValue.Get(found, "dueAt")).GetValueOrDefault(),
                Step = JsonValue.Int64(JsonValue.Get(found, "step")),
                ItemCount = JsonValue.Decimal(JsonValue.Get(found, "itemCount")),
                Total = PasswebTelegram.ScheduledTotal.ReadFrom(JsonValue.Get(found, "total")),
                Subject = JsonValue.Text(JsonValue.Get(found, "subject")),
                Date = JsonValue.Text(JsonValue.Get(found, "date")),
                Folder = JsonValue.Text(JsonValue.Get(found, "folder")),
                Notices = JsonValue.Int64(JsonValue.Get(found, "notices")),
                Reason = JsonValue.Text(JsonValue.Get(found, "reason")),
                Message = PasswebTelegram.Words.ReadFrom(JsonValue.Get(found, "message")),
            };
        }

        /// <summary>The values of <see cref="Kind"/>.</summary>
        public static class KindValues
        {
            public const string Digest = "digest";
            public const string Cart = "cart";
            public const string Reminder = "reminder";
            public const string Message = "message";
        }

        /// <summary>The values of <see cref="Reason"/>.</summary>
        public static class ReasonValues
        {
            public const string RateLimit = "rate-limit";
            public const string ChatPaused = "chat-paused";
            public const string QuietHours = "quiet-hours";
            public const string BotPaused = "bot-paused";
            public const string BotMissing = "bot-missing";
            public const string BotUnauthorized = "bot-unauthorized";
            public const string TelegramUnreachable = "telegram-unreachable";
        }
    }

    /// <summary>A page of what is to come</summary>
    public sealed class ScheduledPage
    {
        /// <summary>What is still to come, the next one first</summary>
        public IList<Scheduled> Scheduled { get; set; }

        /// <summary>Where it goes on: send it with the same parameters; absent on the last page</summary>
        public string Cursor { get; set; }

        internal static ScheduledPage ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ScheduledPage
            {
                Scheduled = JsonValue.List(JsonValue.Get(found, "scheduled"), PasswebTelegram.Scheduled.ReadFrom),
                Cursor = JsonValue.Text(JsonValue.Get(found, "cursor")),
            };
        }
    }

    /// <summary>What it costs</summary>
    public sealed class ScheduledTotal
    {
        /// <summary>A decimal number as text, such as <c>149.90</c>: so it is never rounded</summary>
        public string Amount { get; set; }

        /// <summary>ISO 4217, such as <c>EUR</c></summary>
        public string Currency { get; set; }

        internal static ScheduledTotal ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new ScheduledTotal
            {
                Amount = JsonValue.Text(JsonValue.Get(found, "amount")),
                Currency = JsonValue.Text(JsonValue.Get(found, "currency")),
            };
        }
    }

    /// <summary>A shop with its settings</summary>
    public sealed class Site
    {
        /// <summary>The id of the shop, as in its paths</summary>
        public string SiteId { get; set; }

        /// <summary>The name of the shop, as its customers read it</summary>
        public string Name { get; set; }

        /// <summary>The address of the shop; links in messages lead there</summary>
        public string Url { get; set; }

        /// <summary>Whether the shop has bought the Telegram module; only the platform can change it</summary>
        public bool ModuleActive { get; set; }

        /// <summary>Whether the merchant has the integration switched on; off, nothing is sent and everything is kept</summary>
        public bool Active { get; set; }

        /// <summary>The languages of the shop, as BCP 47 tags; every template has a text in each</summary>
        public IList<string> Languages { get; set; }

        /// <summary>One of <c>languages</c>: that of a person of whom no language is known</summary>
        public string DefaultLanguage { get; set; }

        /// <summary>IANA name, such as <c>Europe/Rome</c>: dates are shown in it</summary>
        public string TimeZone { get; set; }

        /// <summary>When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours</summary>
        public SiteQuietHours QuietHours { get; set; }

        /// <summary>How many hours after a cart was abandoned its user is told; fractions are allowed</summary>
        public decimal AbandonedCartHours { get; set; }

        /// <summary>Further messages about an abandoned cart, which are advertising: only people get them of whom <c>marketingConsent</c> is given. Absent: one message, which needs no consent</summary>
        public SiteCartSeries CartSeries { get; set; }

        /// <summary>The user groups with "Gestione Telegram"; none named: no limit</summary>
        public IList<string> TelegramGroups { get; set; }

        /// <summary>Whether documents that the back office uploads notify</summary>
        public bool Docuvision { get; set; }

        /// <summary>Who works in the shop, and what they are told; absent: nobody</summary>
        public IList<SiteStaffEntry> Staff { get; set; }

        /// <summary>How customers reach the merchant, as the bot tells them</summary>
        public string MerchantContact { get; set; }

        /// <summary>The https address of the shop's privacy notice</summary>
        public string PrivacyUrl { get; set; }

        /// <summary>The text of the button of all order messages, by language; a template may have its own</summary>
        public IDictionary<string, string> OrderButton { get; set; }

        /// <summary>The text of the button of all cart messages, by language; a template may have its own</summary>
        public IDictionary<string, string> CartButton { get; set; }

        /// <summary>Whether the links to the shop in its messages lead through <c>/c/…</c>, which counts who opens them; absent: they do not</summary>
        public bool? CountClicks { get; set; }

        /// <summary>How people are addressed in Italian: <c>tu</c>, or the formal <c>lei</c></summary>
        public string Tone { get; set; }

        /// <summary>Addresses that the site had before, the latest first: until <c>until</c>, links of events may be on their hosts</summary>
        public IList<SiteFormerUrl> FormerUrls { get; set; }

        /// <summary>The bot of the shop; absent before one is saved</summary>
        public SiteBot Bot { get; set; }

        /// <summary>The bot with which the site can get one without @BotFather; absent where the deployment has none</summary>
        public SiteManagerBot ManagerBot { get; set; }

        internal static Site ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Site
            {
                SiteId = JsonValue.Text(JsonValue.Get(found, "siteId")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                ModuleActive = JsonValue.Boolean(JsonValue.Get(found, "moduleActive")).GetValueOrDefault(),
                Active = JsonValue.Boolean(JsonValue.Get(found, "active")).GetValueOrDefault(),
                Languages = JsonValue.List(JsonValue.Get(found, "languages"), JsonValue.Text),
                DefaultLanguage = JsonValue.Text(JsonValue.Get(found, "defaultLanguage")),
                TimeZone = JsonValue.Text(JsonValue.Get(found, "timeZone")),
                QuietHours = PasswebTelegram.SiteQuietHours.ReadFrom(JsonValue.Get(found, "quietHours")),
                AbandonedCartHours = JsonValue.Decimal(JsonValue.Get(found, "abandonedCartHours")).GetValueOrDefault(),
                CartSeries = PasswebTelegram.SiteCartSeries.ReadFrom(JsonValue.Get(found, "cartSeries")),
                TelegramGroups = JsonValue.List(JsonValue.Get(found, "telegramGroups"), JsonValue.Text),
                Docuvision = JsonValue.Boolean(JsonValue.Get(found, "docuvision")).GetValueOrDefault(),
                Staff = JsonValue.List(JsonValue.Get(found, "staff"), PasswebTelegram.SiteStaffEntry.ReadFrom),
                MerchantContact = JsonValue.Text(JsonValue.Get(found, "merchantContact")),
                PrivacyUrl = JsonValue.Text(JsonValue.Get(found, "privacyUrl")),
                OrderButton = JsonValue.Map(JsonValue.Get(found, "orderButton"), JsonValue.Text),
                CartButton = JsonValue.Map(JsonValue.Get(found, "cartButton"), JsonValue.Text),
                CountClicks = JsonValue.Boolean(JsonValue.Get(found, "countClicks")),
                Tone = JsonValue.Text(JsonValue.Get(found, "tone")),
                FormerUrls = JsonValue.List(JsonValue.Get(found, "formerUrls"), PasswebTelegram.SiteFormerUrl.ReadFrom),
                Bot = PasswebTelegram.SiteBot.ReadFrom(JsonValue.Get(found, "bot")),
                ManagerBot = PasswebTelegram.SiteManagerBot.ReadFrom(JsonValue.Get(found, "managerBot")),
            };
        }

        /// <summary>The values of <see cref="Tone"/>.</summary>
        public static class ToneValues
        {
            public const string Tu = "tu";
            public const string Lei = "lei";
        }
    }

    /// <summary>The platform's part of a site</summary>
    public sealed class SiteBody : IJsonObject
    {
        /// <summary>The name of the shop, as its customers read it</summary>
        public string Name { get; set; }

        /// <summary>Where the shop is; links of events must be on its host</summary>
        public string Url { get; set; }

        /// <summary>Whether the shop has bought the Telegram module; only the platform can change it</summary>
        public bool? ModuleActive { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("name", Name);
            writer.Property("url", Url);
            writer.Property("moduleActive", ModuleActive);
            writer.EndObject();
        }
    }

    /// <summary>The bot of the shop; absent before one is saved</summary>
    public sealed class SiteBot
    {
        /// <summary>The number of the bot at Telegram, as text: the digits before the ":" of its token</summary>
        public string Id { get; set; }

        /// <summary>The username of the bot, without @</summary>
        public string Username { get; set; }

        /// <summary>Whether it was made with the manager bot, which can give it another token</summary>
        public bool? Managed { get; set; }

        /// <summary>Why nothing can be sent with the bot now; absent while all is well</summary>
        public SiteBotProblem Problem { get; set; }

        internal static SiteBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteBot
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Username = JsonValue.Text(JsonValue.Get(found, "username")),
                Managed = JsonValue.Boolean(JsonValue.Get(found, "managed")),
                Problem = PasswebTelegram.SiteBotProblem.ReadFrom(JsonValue.Get(found, "problem")),
            };
        }
    }

    /// <summary>Why nothing can be sent with the bot now; absent while all is well</summary>
    public sealed class SiteBotProblem
    {
        /// <summary>What is wrong, for programs</summary>
        public string Kind { get; set; }

        /// <summary>Since when</summary>
        public DateTimeOffset Since { get; set; }

        /// <summary>The same in the words of Telegram, or in ours</summary>
        public string Description { get; set; }

        internal static SiteBotProblem ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteBotProblem
            {
                Kind = JsonValue.Text(JsonValue.Get(found, "kind")),
                Since = JsonValue.Instant(JsonValue.Get(found, "since")).GetValueOrDefault(),
                Description = JsonValue.Text(JsonValue.Get(found, "description")),
            };
        }
    }

    /// <summary>Further messages about an abandoned cart, which are advertising: only people get them of whom <c>marketingConsent</c> is given. Absent: one message, which needs no consent</summary>
    public sealed class SiteCartSeries
    {
        /// <summary>The second message, and the third</summary>
        public IList<SiteCartSeriesStep> Steps { get; set; }

        internal static SiteCartSeries ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteCartSeries
            {
                Steps = JsonValue.List(JsonValue.Get(found, "steps"), PasswebTelegram.SiteCartSeriesStep.ReadFrom),
            };
        }
    }

    /// <summary>SiteCartSeriesStep</summary>
    public sealed class SiteCartSeriesStep
    {
        /// <summary>How many hours after the cart was abandoned it is sent: later than the message before; fractions are allowed</summary>
        public decimal AfterHours { get; set; }

        internal static SiteCartSeriesStep ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteCartSeriesStep
            {
                AfterHours = JsonValue.Decimal(JsonValue.Get(found, "afterHours")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>SiteFormerUrl</summary>
    public sealed class SiteFormerUrl
    {
        /// <summary>An address that the site had before</summary>
        public string Url { get; set; }

        /// <summary>Until when links of events may be on its host</summary>
        public DateTimeOffset Until { get; set; }

        internal static SiteFormerUrl ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteFormerUrl
            {
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Until = JsonValue.Instant(JsonValue.Get(found, "until")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>A page of the sites</summary>
    public sealed class SiteList
    {
        /// <summary>The sites, in the order of their ids</summary>
        public IList<SiteListSite> Sites { get; set; }

        /// <summary>Some sites are not in the list yet: it is being made, for some minutes after the first deployment of this version, or after a table was restored</summary>
        public bool? Incomplete { get; set; }

        /// <summary>For the next page; absent on the last one</summary>
        public string Cursor { get; set; }

        internal static SiteList ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteList
            {
                Sites = JsonValue.List(JsonValue.Get(found, "sites"), PasswebTelegram.SiteListSite.ReadFrom),
                Incomplete = JsonValue.Boolean(JsonValue.Get(found, "incomplete")),
                Cursor = JsonValue.Text(JsonValue.Get(found, "cursor")),
            };
        }
    }

    /// <summary>SiteListSite</summary>
    public sealed class SiteListSite
    {
        /// <summary>The id of the shop, as in its paths</summary>
        public string SiteId { get; set; }

        /// <summary>The name of the shop</summary>
        public string Name { get; set; }

        /// <summary>The address of the shop</summary>
        public string Url { get; set; }

        /// <summary>Whether the shop has bought the Telegram module; only the platform can change it</summary>
        public bool ModuleActive { get; set; }

        /// <summary>Whether the merchant has the integration switched on; off, nothing is sent and everything is kept</summary>
        public bool Active { get; set; }

        /// <summary>The bot of the shop; absent before one is saved</summary>
        public SiteListSiteBot Bot { get; set; }

        internal static SiteListSite ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteListSite
            {
                SiteId = JsonValue.Text(JsonValue.Get(found, "siteId")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                ModuleActive = JsonValue.Boolean(JsonValue.Get(found, "moduleActive")).GetValueOrDefault(),
                Active = JsonValue.Boolean(JsonValue.Get(found, "active")).GetValueOrDefault(),
                Bot = PasswebTelegram.SiteListSiteBot.ReadFrom(JsonValue.Get(found, "bot")),
            };
        }
    }

    /// <summary>The bot of the shop; absent before one is saved</summary>
    public sealed class SiteListSiteBot
    {
        /// <summary>The number of the bot at Telegram, as text: the digits before the ":" of its token</summary>
        public string Id { get; set; }

        /// <summary>The username of the bot, without @</summary>
        public string Username { get; set; }

        internal static SiteListSiteBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteListSiteBot
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Username = JsonValue.Text(JsonValue.Get(found, "username")),
            };
        }
    }

    /// <summary>The bot with which the site can get one without @BotFather; absent where the deployment has none</summary>
    public sealed class SiteManagerBot
    {
        /// <summary>Its username, without @</summary>
        public string Username { get; set; }

        internal static SiteManagerBot ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteManagerBot
            {
                Username = JsonValue.Text(JsonValue.Get(found, "username")),
            };
        }
    }

    /// <summary>When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours</summary>
    public sealed class SiteQuietHours
    {
        /// <summary>When they begin: <c>HH:MM</c></summary>
        public string From { get; set; }

        /// <summary>When they end: <c>HH:MM</c>; before <c>from</c>, it is the next day</summary>
        public string To { get; set; }

        /// <summary><c>silent</c>: messages go out without a sound. <c>after</c>: they wait until the quiet hours are over</summary>
        public string Mode { get; set; }

        internal static SiteQuietHours ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteQuietHours
            {
                From = JsonValue.Text(JsonValue.Get(found, "from")),
                To = JsonValue.Text(JsonValue.Get(found, "to")),
                Mode = JsonValue.Text(JsonValue.Get(found, "mode")),
            };
        }

        /// <summary>The values of <see cref="Mode"/>.</summary>
        public static class ModeValues
        {
            public const string Silent = "silent";
            public const string After = "after";
        }
    }

    /// <summary>SiteStaffEntry</summary>
    public sealed class SiteStaffEntry
    {
        /// <summary>Whom: a user of the site, by Passweb's id</summary>
        public string UserId { get; set; }

        /// <summary>What they are told. <c>new-order</c>: an order is reported for the first time. <c>failures</c>: messages have failed, at most once an hour. <c>bot-refused</c>: Telegram takes the token of the bot again, which it refused. <c>module-off</c>: messages are switched off</summary>
        public IList<string> Notices { get; set; }

        internal static SiteStaffEntry ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new SiteStaffEntry
            {
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                Notices = JsonValue.List(JsonValue.Get(found, "notices"), JsonValue.Text),
            };
        }

        /// <summary>The values of <see cref="Notices"/>.</summary>
        public static class NoticesValues
        {
            public const string NewOrder = "new-order";
            public const string Failures = "failures";
            public const string BotRefused = "bot-refused";
            public const string ModuleOff = "module-off";
        }
    }

    /// <summary>What was sent and what was not, by day</summary>
    public sealed class Statistics
    {
        /// <summary>The first day that is counted, <c>YYYY-MM-DD</c></summary>
        public string From { get; set; }

        /// <summary>The last day that is counted, <c>YYYY-MM-DD</c></summary>
        public string To { get; set; }

        /// <summary>The site's: its days are counted</summary>
        public string TimeZone { get; set; }

        /// <summary>What was recorded before this time is counted</summary>
        public DateTimeOffset CountedUntil { get; set; }

        /// <summary>Each day from <c>from</c> to <c>to</c>, also those on which nothing happened. <c>skipped</c> is by reason; <c>linked</c>: new links; <c>optedOut</c>: opt-outs; <c>clicked</c>: messages of which a counted link was opened for the first time, some minutes later and only where there were some; <c>recovered</c>: carts that were ordered after a message of their series, by the number of the last one; <c>events</c>: the same by event</summary>
        public IList<StatisticsDay> Days { get; set; }

        /// <summary>The sums of all days</summary>
        public StatisticsTotals Totals { get; set; }

        internal static Statistics ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Statistics
            {
                From = JsonValue.Text(JsonValue.Get(found, "from")),
                To = JsonValue.Text(JsonValue.Get(found, "to")),
                TimeZone = JsonValue.Text(JsonValue.Get(found, "timeZone")),
                CountedUntil = JsonValue.Instant(JsonValue.Get(found, "countedUntil")).GetValueOrDefault(),
                Days = JsonValue.List(JsonValue.Get(found, "days"), PasswebTelegram.StatisticsDay.ReadFrom),
                Totals = PasswebTelegram.StatisticsTotals.ReadFrom(JsonValue.Get(found, "totals")),
            };
        }
    }

    /// <summary>StatisticsDay</summary>
    public sealed class StatisticsDay
    {
        /// <summary>The day in the time zone of the site, <c>YYYY-MM-DD</c></summary>
        public string Day { get; set; }

        /// <summary>How many were sent</summary>
        public long Sent { get; set; }

        /// <summary>How many failed</summary>
        public long Failed { get; set; }

        /// <summary>How many were not sent, by reason</summary>
        public IDictionary<string, long> Skipped { get; set; }

        /// <summary>How many were opened for the first time, through a counted link; absent where none was</summary>
        public long? Clicked { get; set; }

        /// <summary>Whether the bot can write to one of the chats</summary>
        public long Linked { get; set; }

        /// <summary>Whether the user wants nothing from the bot</summary>
        public long OptedOut { get; set; }

        /// <summary>Carts that were ordered after a message of their series, by the number of the last message; absent: none</summary>
        public IDictionary<string, long> Recovered { get; set; }

        /// <summary>The same, by event</summary>
        public IDictionary<string, StatisticsDayEvent> Events { get; set; }

        internal static StatisticsDay ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new StatisticsDay
            {
                Day = JsonValue.Text(JsonValue.Get(found, "day")),
                Sent = JsonValue.Int64(JsonValue.Get(found, "sent")).GetValueOrDefault(),
                Failed = JsonValue.Int64(JsonValue.Get(found, "failed")).GetValueOrDefault(),
                Skipped = JsonValue.Map(JsonValue.Get(found, "skipped"), json => JsonValue.Int64(json).GetValueOrDefault()),
                Clicked = JsonValue.Int64(JsonValue.Get(found, "clicked")),
                Linked = JsonValue.Int64(JsonValue.Get(found, "linked")).GetValueOrDefault(),
                OptedOut = JsonValue.Int64(JsonValue.Get(found, "optedOut")).GetValueOrDefault(),
                Recovered = JsonValue.Map(JsonValue.Get(found, "recovered"), json => JsonValue.Int64(json).GetValueOrDefault()),
                Events = JsonValue.Map(JsonValue.Get(found, "events"), PasswebTelegram.StatisticsDayEvent.ReadFrom),
            };
        }
    }

    /// <summary>StatisticsDayEvent</summary>
    public sealed class StatisticsDayEvent
    {
        /// <summary>How many were sent</summary>
        public long Sent { get; set; }

        /// <summary>How many failed</summary>
        public long Failed { get; set; }

        /// <summary>How many were not sent, by reason</summary>
        public IDictionary<string, long> Skipped { get; set; }

        /// <summary>How many were opened for the first time, through a counted link; absent where none was</summary>
        public long? Clicked { get; set; }

        internal static StatisticsDayEvent ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new StatisticsDayEvent
            {
                Sent = JsonValue.Int64(JsonValue.Get(found, "sent")).GetValueOrDefault(),
                Failed = JsonValue.Int64(JsonValue.Get(found, "failed")).GetValueOrDefault(),
                Skipped = JsonValue.Map(JsonValue.Get(found, "skipped"), json => JsonValue.Int64(json).GetValueOrDefault()),
                Clicked = JsonValue.Int64(JsonValue.Get(found, "clicked")),
            };
        }
    }

    /// <summary>The sums of all days</summary>
    public sealed class StatisticsTotals
    {
        /// <summary>How many were sent</summary>
        public long Sent { get; set; }

        /// <summary>How many failed</summary>
        public long Failed { get; set; }

        /// <summary>How many were not sent, by reason</summary>
        public IDictionary<string, long> Skipped { get; set; }

        /// <summary>How many were opened for the first time, through a counted link; absent where none was</summary>
        public long? Clicked { get; set; }

        /// <summary>Whether the bot can write to one of the chats</summary>
        public long Linked { get; set; }

        /// <summary>Whether the user wants nothing from the bot</summary>
        public long OptedOut { get; set; }

        /// <summary>Carts that were ordered after a message of their series, by the number of the last message; absent: none</summary>
        public IDictionary<string, long> Recovered { get; set; }

        /// <summary>The same, by event</summary>
        public IDictionary<string, StatisticsTotalsEvent> Events { get; set; }

        internal static StatisticsTotals ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new StatisticsTotals
            {
                Sent = JsonValue.Int64(JsonValue.Get(found, "sent")).GetValueOrDefault(),
                Failed = JsonValue.Int64(JsonValue.Get(found, "failed")).GetValueOrDefault(),
                Skipped = JsonValue.Map(JsonValue.Get(found, "skipped"), json => JsonValue.Int64(json).GetValueOrDefault()),
                Clicked = JsonValue.Int64(JsonValue.Get(found, "clicked")),
                Linked = JsonValue.Int64(JsonValue.Get(found, "linked")).GetValueOrDefault(),
                OptedOut = JsonValue.Int64(JsonValue.Get(found, "optedOut")).GetValueOrDefault(),
                Recovered = JsonValue.Map(JsonValue.Get(found, "recovered"), json => JsonValue.Int64(json).GetValueOrDefault()),
                Events = JsonValue.Map(JsonValue.Get(found, "events"), PasswebTelegram.StatisticsTotalsEvent.ReadFrom),
            };
        }
    }

    /// <summary>StatisticsTotalsEvent</summary>
    public sealed class StatisticsTotalsEvent
    {
        /// <summary>How many were sent</summary>
        public long Sent { get; set; }

        /// <summary>How many failed</summary>
        public long Failed { get; set; }

        /// <summary>How many were not sent, by reason</summary>
        public IDictionary<string, long> Skipped { get; set; }

        /// <summary>How many were opened for the first time, through a counted link; absent where none was</summary>
        public long? Clicked { get; set; }

        internal static StatisticsTotalsEvent ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new StatisticsTotalsEvent
            {
                Sent = JsonValue.Int64(JsonValue.Get(found, "sent")).GetValueOrDefault(),
                Failed = JsonValue.Int64(JsonValue.Get(found, "failed")).GetValueOrDefault(),
                Skipped = JsonValue.Map(JsonValue.Get(found, "skipped"), json => JsonValue.Int64(json).GetValueOrDefault()),
                Clicked = JsonValue.Int64(JsonValue.Get(found, "clicked")),
            };
        }
    }

    /// <summary>A text of the merchant for one kind of event</summary>
    public sealed class Template
    {
        /// <summary>The id of the template</summary>
        public string Id { get; set; }

        /// <summary>The merchant's name for the template</summary>
        public string Name { get; set; }

        /// <summary>The kind of event that it is for</summary>
        public string Event { get; set; }

        /// <summary>Whether it sends</summary>
        public bool Enabled { get; set; }

        /// <summary><c>order-status</c>: the order statuses that it manages, compared without case</summary>
        public IList<string> Statuses { get; set; }

        /// <summary>The user groups that receive it; absent: every user</summary>
        public IList<string> Groups { get; set; }

        /// <summary>Which recipients get it; absent: all</summary>
        public string Audience { get; set; }

        /// <summary>The text by language: Mustache and Telegram's HTML</summary>
        public IDictionary<string, string> Text { get; set; }

        /// <summary>The text of the button by language; absent: a default one</summary>
        public IDictionary<string, string> Button { get; set; }

        /// <summary>The colour of the first button: blue, green or red; absent: as Telegram shows a button</summary>
        public string ButtonStyle { get; set; }

        /// <summary>The text of a second button by language</summary>
        public IDictionary<string, string> SecondButton { get; set; }

        /// <summary>Where the second button leads; absent: to the link of the event</summary>
        public string SecondButtonUrl { get; set; }

        /// <summary><c>order-status</c>: the text of the button that copies the tracking code, by language</summary>
        public IDictionary<string, string> TrackingButton { get; set; }

        /// <summary><c>order-status</c>: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own</summary>
        public TemplateCard Card { get; set; }

        /// <summary><c>order-status</c>: the articles are a table with pictures, where Telegram takes it</summary>
        public bool? Rich { get; set; }

        /// <summary>Files: for how many minutes the notices of a folder are collected into one message</summary>
        public long? DigestMinutes { get; set; }

        /// <summary><c>abandoned-cart</c>: which message about a cart it is. 1, or absent: the first. 2 and 3 are advertising, sent only where the site has a <c>cartSeries</c> with that step, and the person has consented</summary>
        public long? Step { get; set; }

        /// <summary><c>abandoned-cart</c>, <c>step</c> 2 or 3: the code of a coupon, which the text may write and a button copies</summary>
        public string CouponCode { get; set; }

        /// <summary><c>abandoned-cart</c>, <c>step</c> 2 or 3: the text of the button that copies the coupon, by language</summary>
        public IDictionary<string, string> CouponButton { get; set; }

        /// <summary>When it was created; absent for the default templates</summary>
        public DateTimeOffset? CreatedAt { get; set; }

        internal static Template ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Template
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Name = JsonValue.Text(JsonValue.Get(found, "name")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                Enabled = JsonValue.Boolean(JsonValue.Get(found, "enabled")).GetValueOrDefault(),
                Statuses = JsonValue.List(JsonValue.Get(found, "statuses"), JsonValue.Text),
                Groups = JsonValue.List(JsonValue.Get(found, "groups"), JsonValue.Text),
                Audience = JsonValue.Text(JsonValue.Get(found, "audience")),
                Text = JsonValue.Map(JsonValue.Get(found, "text"), JsonValue.Text),
                Button = JsonValue.Map(JsonValue.Get(found, "button"), JsonValue.Text),
                ButtonStyle = JsonValue.Text(JsonValue.Get(found, "buttonStyle")),
                SecondButton = JsonValue.Map(JsonValue.Get(found, "secondButton"), JsonValue.Text),
                SecondButtonUrl = JsonValue.Text(JsonValue.Get(found, "secondButtonUrl")),
                TrackingButton = JsonValue.Map(JsonValue.Get(found, "trackingButton"), JsonValue.Text),
                Card = PasswebTelegram.TemplateCard.ReadFrom(JsonValue.Get(found, "card")),
                Rich = JsonValue.Boolean(JsonValue.Get(found, "rich")),
                DigestMinutes = JsonValue.Int64(JsonValue.Get(found, "digestMinutes")),
                Step = JsonValue.Int64(JsonValue.Get(found, "step")),
                CouponCode = JsonValue.Text(JsonValue.Get(found, "couponCode")),
                CouponButton = JsonValue.Map(JsonValue.Get(found, "couponButton"), JsonValue.Text),
                CreatedAt = JsonValue.Instant(JsonValue.Get(found, "createdAt")),
            };
        }

        /// <summary>The values of <see cref="Event"/>.</summary>
        public static class EventValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }

        /// <summary>The values of <see cref="Audience"/>.</summary>
        public static class AudienceValues
        {
            public const string Everybody = "everybody";
            public const string Creator = "creator";
            public const string Recipients = "recipients";
        }

        /// <summary>The values of <see cref="ButtonStyle"/>.</summary>
        public static class ButtonStyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary>A template, as the merchant writes it</summary>
    public sealed class TemplateBody : IJsonObject
    {
        /// <summary>The id of the template; without it, one is made</summary>
        public string Id { get; set; }

        /// <summary>The merchant's name for the template</summary>
        public string Name { get; set; }

        /// <summary>Whether it sends. At most 10 templates of a kind are enabled; of <c>order-status</c>, for each status</summary>
        public bool? Enabled { get; set; }

        /// <summary>The kind of event that it is for</summary>
        public string Event { get; set; }

        /// <summary><c>order-status</c>: the order statuses that it manages, compared without case</summary>
        public IList<string> Statuses { get; set; }

        /// <summary>User groups that receive it; none: every user</summary>
        public IList<string> Groups { get; set; }

        /// <summary><c>activity-status</c>: whether it is for the creator of the activity, for its recipients, or for both. Absent: as it was; of a new one, for both</summary>
        public string Audience { get; set; }

        /// <summary>By language, 50 at most: Mustache (<c>{{key}}</c>, <c>{{#key}}…{{/key}}</c>; each at most 20 times) and Telegram's HTML. Of a message that would be longer than 4096 characters, the longest values are cut</summary>
        public IDictionary<string, string> Text { get; set; }

        /// <summary>By language: the text of the button that opens the link of the event; no HTML, 64 characters at most. Absent in a template for <c>order-status</c> or <c>abandoned-cart</c>: the <c>orderButton</c> or <c>cartButton</c> of the site</summary>
        public IDictionary<string, string> Button { get; set; }

        /// <summary>The colour of the first button: blue, green or red. Absent: as Telegram shows a button</summary>
        public string ButtonStyle { get; set; }

        /// <summary>By language: the text of a second button, below the first; as <c>button</c>. In a language without a text, the host of the link</summary>
        public IDictionary<string, string> SecondButton { get; set; }

        /// <summary>Where the second button leads: a link of the shop. Absent: to the link of the event</summary>
        public string SecondButtonUrl { get; set; }

        /// <summary><c>order-status</c>, by language: the text of a button that copies the tracking code of the order; as <c>button</c>. In a language without a text, the code. An order without a code shows none</summary>
        public IDictionary<string, string> TrackingButton { get; set; }

        /// <summary><c>order-status</c>: an order has one message in a chat, and each status changes it without a sound; <c>{}</c> where no status is to ring. All such templates share it. Where it can not be changed, a new one is sent without a sound. Absent: each status has a message of its own</summary>
        public TemplateBodyCard Card { get; set; }

        /// <summary><c>order-status</c>: the articles of the order are a table, with their pictures and the total; <c>elencoArticoli</c> is then left out of the text. Where Telegram refuses it, or the order has no articles, the message is as without it</summary>
        public bool? Rich { get; set; }

        /// <summary><c>file-upload</c>, <c>file-download</c>, <c>file-view</c>: for so many minutes after the first notice of a folder, those that follow are collected with it into one message for each administrator. Absent: each notice is a message</summary>
        public int? DigestMinutes { get; set; }

        /// <summary><c>abandoned-cart</c>: which message about a cart this is, from 1 to 3. Absent: the first. The second and the third are advertising: they go only to people of whom <c>marketingConsent</c> is given, and only where the site has a <c>cartSeries</c> with that step</summary>
        public int? Step { get; set; }

        /// <summary><c>abandoned-cart</c>, second or third message: the code of a coupon. The text may write it (<c>{{codiceCoupon}}</c>), and <c>couponButton</c> copies it</summary>
        public string CouponCode { get; set; }

        /// <summary><c>abandoned-cart</c>, second or third message, by language: the text of a button that copies the code of the coupon; as <c>button</c>. In a language without a text, the code</summary>
        public IDictionary<string, string> CouponButton { get; set; }

        /// <summary>Set by this API; may be sent back as it was read</summary>
        public string CreatedAt { get; set; }

        /// <summary>Part of an answer; may be sent back, and is not read</summary>
        public IList<object> Warnings { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("name", Name);
            writer.Property("enabled", Enabled);
            writer.Property("event", Event);
            writer.Property("statuses", Statuses);
            writer.Property("groups", Groups);
            writer.Property("audience", Audience);
            writer.Property("text", Text);
            writer.Property("button", Button);
            writer.Property("buttonStyle", ButtonStyle);
            writer.Property("secondButton", SecondButton);
            writer.Property("secondButtonUrl", SecondButtonUrl);
            writer.Property("trackingButton", TrackingButton);
            writer.Property("card", Card);
            writer.Property("rich", Rich);
            writer.Property("digestMinutes", DigestMinutes);
            writer.Property("step", Step);
            writer.Property("couponCode", CouponCode);
            writer.Property("couponButton", CouponButton);
            writer.Property("createdAt", CreatedAt);
            writer.Property("warnings", Warnings);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Event"/>.</summary>
        public static class EventValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }

        /// <summary>The values of <see cref="Audience"/>.</summary>
        public static class AudienceValues
        {
            public const string Everybody = "everybody";
            public const string Creator = "creator";
            public const string Recipients = "recipients";
        }

        /// <summary>The values of <see cref="ButtonStyle"/>.</summary>
        public static class ButtonStyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary><c>order-status</c>: an order has one message in a chat, and each status changes it without a sound; <c>{}</c> where no status is to ring. All such templates share it. Where it can not be changed, a new one is sent without a sound. Absent: each status has a message of its own</summary>
    public sealed class TemplateBodyCard : IJsonObject
    {
        /// <summary>The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case</summary>
        public IList<string> NewMessageFor { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("newMessageFor", NewMessageFor);
            writer.EndObject();
        }
    }

    /// <summary><c>order-status</c>: an order has one message in a chat, which is changed with its status; absent: each status has a message of its own</summary>
    public sealed class TemplateCard
    {
        /// <summary>The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case</summary>
        public IList<string> NewMessageFor { get; set; }

        internal static TemplateCard ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new TemplateCard
            {
                NewMessageFor = JsonValue.List(JsonValue.Get(found, "newMessageFor"), JsonValue.Text),
            };
        }
    }

    /// <summary>Some fields of a template (JSON Merge Patch, RFC 7396): what is absent stays as it is</summary>
    public sealed class TemplatePatch : IJsonObject
    {
        /// <summary>The id of the template; it cannot change</summary>
        public string Id { get; set; }

        /// <summary>The merchant's name for the template</summary>
        public string Name { get; set; }

        /// <summary>Whether it sends</summary>
        public bool? Enabled { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>All of them; <c>null</c>: none</summary>
        public Optional<IList<string>> Statuses { get; set; }

        /// <summary>All of them; <c>null</c>: every user</summary>
        public Optional<IList<string>> Groups { get; set; }

        /// <summary>Which recipients get it; absent: all</summary>
        public string Audience { get; set; }

        /// <summary>By language: those that change; <c>null</c> removes one</summary>
        public IDictionary<string, string> Text { get; set; }

        /// <summary>By language: those that change; <c>null</c> removes one, or all</summary>
        public Optional<IDictionary<string, string>> Button { get; set; }

        /// <summary>The colour of the first button; <c>null</c>: as Telegram shows a button</summary>
        public Optional<string> ButtonStyle { get; set; }

        /// <summary>By language: those that change; <c>null</c> removes one, or all</summary>
        public Optional<IDictionary<string, string>> SecondButton { get; set; }

        /// <summary>Where the second button leads; <c>null</c>: to the link of the event</summary>
        public Optional<string> SecondButtonUrl { get; set; }

        /// <summary>By language: those that change; <c>null</c> removes one, or all</summary>
        public Optional<IDictionary<string, string>> TrackingButton { get; set; }

        /// <summary><c>null</c>: each status has a message of its own</summary>
        public Optional<TemplatePatchCard> Card { get; set; }

        /// <summary><c>order-status</c>: the articles are a table with pictures, where Telegram takes it</summary>
        public bool? Rich { get; set; }

        /// <summary>For how many minutes the notices of a folder are collected; <c>null</c>: each is a message</summary>
        public Optional<int?> DigestMinutes { get; set; }

        /// <summary>Which message about a cart this is; <c>null</c>: the first</summary>
        public Optional<int?> Step { get; set; }

        /// <summary>The code of a coupon; <c>null</c>: none</summary>
        public Optional<string> CouponCode { get; set; }

        /// <summary>By language: those that change; <c>null</c> removes one, or all</summary>
        public Optional<IDictionary<string, string>> CouponButton { get; set; }

        /// <summary>Set by this API; may be sent back as it was read</summary>
        public string CreatedAt { get; set; }

        /// <summary>Part of an answer; may be sent back, and is not read</summary>
        public IList<object> Warnings { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("id", Id);
            writer.Property("name", Name);
            writer.Property("enabled", Enabled);
            writer.Property("event", Event);
            writer.Property("statuses", Statuses);
            writer.Property("groups", Groups);
            writer.Property("audience", Audience);
            writer.Property("text", Text);
            writer.Property("button", Button);
            writer.Property("buttonStyle", ButtonStyle);
            writer.Property("secondButton", SecondButton);
            writer.Property("secondButtonUrl", SecondButtonUrl);
            writer.Property("trackingButton", TrackingButton);
            writer.Property("card", Card);
            writer.Property("rich", Rich);
            writer.Property("digestMinutes", DigestMinutes);
            writer.Property("step", Step);
            writer.Property("couponCode", CouponCode);
            writer.Property("couponButton", CouponButton);
            writer.Property("createdAt", CreatedAt);
            writer.Property("warnings", Warnings);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Event"/>.</summary>
        public static class EventValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileDownload = "file-download";
            public const string FileView = "file-view";
            public const string Welcome = "welcome";
        }

        /// <summary>The values of <see cref="Audience"/>.</summary>
        public static class AudienceValues
        {
            public const string Everybody = "everybody";
            public const string Creator = "creator";
            public const string Recipients = "recipients";
        }

        /// <summary>The values of <see cref="ButtonStyle"/>.</summary>
        public static class ButtonStyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary><c>null</c>: each status has a message of its own</summary>
    public sealed class TemplatePatchCard : IJsonObject
    {
        /// <summary>The statuses, of those of the template, for which a new message with a sound takes the place of the former one, which is deleted as far as Telegram allows it (48 hours). The first message of an order rings in any case</summary>
        public Optional<IList<string>> NewMessageFor { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("newMessageFor", NewMessageFor);
            writer.EndObject();
        }
    }

    /// <summary>The last versions of a template, the newest first</summary>
    public sealed class TemplateVersions
    {
        /// <summary>The versions, the newest first</summary>
        public IList<TemplateVersionsVersion> Versions { get; set; }

        internal static TemplateVersions ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new TemplateVersions
            {
                Versions = JsonValue.List(JsonValue.Get(found, "versions"), PasswebTelegram.TemplateVersionsVersion.ReadFrom),
            };
        }
    }

    /// <summary>TemplateVersionsVersion</summary>
    public sealed class TemplateVersionsVersion
    {
        /// <summary>The number of the version</summary>
        public long Version { get; set; }

        /// <summary>When</summary>
        public DateTimeOffset? At { get; set; }

        /// <summary>Who saved it; absent where that is not known</summary>
        public Actor By { get; set; }

        /// <summary>A text of the merchant for one kind of event</summary>
        public Template Template { get; set; }

        internal static TemplateVersionsVersion ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new TemplateVersionsVersion
            {
                Version = JsonValue.Int64(JsonValue.Get(found, "version")).GetValueOrDefault(),
                At = JsonValue.Instant(JsonValue.Get(found, "at")),
                By = PasswebTelegram.Actor.ReadFrom(JsonValue.Get(found, "by")),
                Template = PasswebTelegram.Template.ReadFrom(JsonValue.Get(found, "template")),
            };
        }
    }

    /// <summary>All templates of a site</summary>
    public sealed class TemplatesAnswer
    {
        /// <summary>The templates</summary>
        public IList<Template> Templates { get; set; }

        /// <summary>Only for a site that had more enabled templates before there was a limit: the ids of those before which 10 others of their kind (or of one of their statuses) are enabled. They are sent only to people to whom fewer of those before apply</summary>
        public IList<string> BeyondLimit { get; set; }

        internal static TemplatesAnswer ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new TemplatesAnswer
            {
                Templates = JsonValue.List(JsonValue.Get(found, "templates"), PasswebTelegram.Template.ReadFrom),
                BeyondLimit = JsonValue.List(JsonValue.Get(found, "beyondLimit"), JsonValue.Text),
            };
        }
    }

    /// <summary>Who gets the test, and what it says</summary>
    public sealed class TestBody : IJsonObject
    {
        /// <summary>Passweb's id of the user who gets the test</summary>
        public string UserId { get; set; }

        /// <summary>In which language; absent: that of the user</summary>
        public string Language { get; set; }

        /// <summary>Values of the placeholders; <c>null</c>: there is none</summary>
        public TestBodyValues Values { get; set; }

        /// <summary>Where the button leads</summary>
        public string Url { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("userId", UserId);
            writer.Property("language", Language);
            writer.Property("values", Values);
            writer.Property("url", Url);
            writer.EndObject();
        }
    }

    /// <summary>Values of the placeholders; <c>null</c>: there is none</summary>
    public sealed class TestBodyValues : IJsonObject
    {
        /// <summary>The first name of the person who gets the message</summary>
        public Optional<string> Nome { get; set; }

        /// <summary>Their last name, or the name of their company</summary>
        public Optional<string> Cognome { get; set; }

        /// <summary>Both</summary>
        public Optional<string> Nominativo { get; set; }

        /// <summary>The address of the shop</summary>
        public Optional<string> UrlSito { get; set; }

        /// <summary>The name of the shop</summary>
        public Optional<string> NomeSito { get; set; }

        /// <summary>How many articles the order has</summary>
        public Optional<decimal?> NumeroArticoli { get; set; }

        /// <summary>The number of the order</summary>
        public Optional<string> SiglaDocumento { get; set; }

        /// <summary>The status of the order</summary>
        public Optional<string> StatoDocumento { get; set; }

        /// <summary>The total of the order</summary>
        public Optional<Money> TotaleOrdine { get; set; }

        /// <summary>The articles of the order, each in a line</summary>
        public Optional<string> ElencoArticoli { get; set; }

        /// <summary>The tracking code of the shipment</summary>
        public Optional<string> CodiceTracking { get; set; }

        /// <summary>How many articles the cart has</summary>
        public Optional<decimal?> NumeroArticoliCarrello { get; set; }

        /// <summary>The total of the cart</summary>
        public Optional<Money> TotaleCarrello { get; set; }

        /// <summary>The code of the coupon of the template</summary>
        public Optional<string> CodiceCoupon { get; set; }

        /// <summary>The subject of the message</summary>
        public Optional<string> OggettoMessaggio { get; set; }

        /// <summary>The text of the message</summary>
        public Optional<string> TestoMessaggio { get; set; }

        /// <summary>The date of the activity</summary>
        public Optional<string> DataAttivita { get; set; }

        /// <summary>The subject of the activity</summary>
        public Optional<string> OggettoAttivita { get; set; }

        /// <summary>The former status of the activity</summary>
        public Optional<string> VecchioStato { get; set; }

        /// <summary>The new status of the activity</summary>
        public Optional<string> NuovoStato { get; set; }

        /// <summary>The name of the folder</summary>
        public Optional<string> NomeCartella { get; set; }

        /// <summary>The name of the file</summary>
        public Optional<string> NomeFile { get; set; }

        /// <summary>How many documents there are</summary>
        public Optional<decimal?> NumeroFile { get; set; }

        /// <summary>The names of the documents, each in a line</summary>
        public Optional<string> ElencoFile { get; set; }

        /// <summary>What happened to the documents, in a sentence</summary>
        public Optional<string> RiepilogoFile { get; set; }

        /// <summary>Who acted: the sender, reader, viewer, uploader or downloader</summary>
        public Optional<string> Autore { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("nome", Nome);
            writer.Property("cognome", Cognome);
            writer.Property("nominativo", Nominativo);
            writer.Property("urlSito", UrlSito);
            writer.Property("nomeSito", NomeSito);
            writer.Property("numeroArticoli", NumeroArticoli);
            writer.Property("siglaDocumento", SiglaDocumento);
            writer.Property("statoDocumento", StatoDocumento);
            writer.Property("totaleOrdine", TotaleOrdine);
            writer.Property("elencoArticoli", ElencoArticoli);
            writer.Property("codiceTracking", CodiceTracking);
            writer.Property("numeroArticoliCarrello", NumeroArticoliCarrello);
            writer.Property("totaleCarrello", TotaleCarrello);
            writer.Property("codiceCoupon", CodiceCoupon);
            writer.Property("oggettoMessaggio", OggettoMessaggio);
            writer.Property("testoMessaggio", TestoMessaggio);
            writer.Property("dataAttivita", DataAttivita);
            writer.Property("oggettoAttivita", OggettoAttivita);
            writer.Property("vecchioStato", VecchioStato);
            writer.Property("nuovoStato", NuovoStato);
            writer.Property("nomeCartella", NomeCartella);
            writer.Property("nomeFile", NomeFile);
            writer.Property("numeroFile", NumeroFile);
            writer.Property("elencoFile", ElencoFile);
            writer.Property("riepilogoFile", RiepilogoFile);
            writer.Property("autore", Autore);
            writer.EndObject();
        }
    }

    /// <summary>A test that is on its way</summary>
    public sealed class TestSent
    {
        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>The id of the template</summary>
        public string TemplateId { get; set; }

        /// <summary>It is on its way</summary>
        public string Status { get; set; }

        /// <summary>The id of the delivery: the same for the same message, however often its event is reported</summary>
        public string DeliveryId { get; set; }

        internal static TestSent ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new TestSent
            {
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                TemplateId = JsonValue.Text(JsonValue.Get(found, "templateId")),
                Status = JsonValue.Text(JsonValue.Get(found, "status")),
                DeliveryId = JsonValue.Text(JsonValue.Get(found, "deliveryId")),
            };
        }
    }

    /// <summary>Why Telegram lets the bot write no more</summary>
    public sealed class Unreachable
    {
        /// <summary>In the words of Telegram</summary>
        public string Reason { get; set; }

        /// <summary>Since when</summary>
        public DateTimeOffset Since { get; set; }

        /// <summary>The bot that Telegram has refused</summary>
        public string BotId { get; set; }

        internal static Unreachable ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Unreachable
            {
                Reason = JsonValue.Text(JsonValue.Get(found, "reason")),
                Since = JsonValue.Instant(JsonValue.Get(found, "since")).GetValueOrDefault(),
                BotId = JsonValue.Text(JsonValue.Get(found, "botId")),
            };
        }
    }

    /// <summary>A person of the shop, and their link to Telegram</summary>
    public sealed class User
    {
        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>Whether the bot can write to one of the chats</summary>
        public bool Linked { get; set; }

        /// <summary>Of the first chat, as the other fields that <c>chats</c> has too</summary>
        public DateTimeOffset? LinkedAt { get; set; }

        /// <summary>How they linked it</summary>
        public string LinkedBy { get; set; }

        /// <summary>The username of the account at Telegram when it was linked, without @</summary>
        public string TelegramUsername { get; set; }

        /// <summary>The site has another bot since: the person has to press Start there</summary>
        public bool? NeedsNewStart { get; set; }

        /// <summary>How many Telegram can not reach</summary>
        public Unreachable Unreachable { get; set; }

        /// <summary>The chats that are linked, the first one first; at most 5</summary>
        public IList<Chat> Chats { get; set; }

        /// <summary>Why and since when the person has no chat any more</summary>
        public UserUnlinked Unlinked { get; set; }

        /// <summary>Whether the user gets nothing: opted out, or stopped in each of the chats</summary>
        public bool OptedOut { get; set; }

        /// <summary>Who said so</summary>
        public string OptedOutBy { get; set; }

        /// <summary>When it was said</summary>
        public DateTimeOffset? OptedOutAt { get; set; }

        /// <summary>Where it was said</summary>
        public string OptedOutIn { get; set; }

        /// <summary>The kinds of event that the user does not want</summary>
        public IList<string> MutedEvents { get; set; }

        /// <summary>In place of those of the site: the person's own, or none (<c>mode: off</c>); absent: those of the site</summary>
        public UserQuietHours QuietHours { get; set; }

        /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
        public UserMarketingConsent MarketingConsent { get; set; }

        /// <summary>IANA name, such as <c>Europe/Rome</c>: dates are shown in it</summary>
        public string TimeZone { get; set; }

        /// <summary>The language that the person reads, as BCP 47 tag</summary>
        public string Language { get; set; }

        /// <summary>The first name; companies have none</summary>
        public string FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public string LastName { get; set; }

        /// <summary>The name of the company</summary>
        public string CompanyName { get; set; }

        internal static User ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new User
            {
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                Linked = JsonValue.Boolean(JsonValue.Get(found, "linked")).GetValueOrDefault(),
                LinkedAt = JsonValue.Instant(JsonValue.Get(found, "linkedAt")),
                LinkedBy = JsonValue.Text(JsonValue.Get(found, "linkedBy")),
                TelegramUsername = JsonValue.Text(JsonValue.Get(found, "telegramUsername")),
                NeedsNewStart = JsonValue.Boolean(JsonValue.Get(found, "needsNewStart")),
                Unreachable = PasswebTelegram.Unreachable.ReadFrom(JsonValue.Get(found, "unreachable")),
                Chats = JsonValue.List(JsonValue.Get(found, "chats"), PasswebTelegram.Chat.ReadFrom),
                Unlinked = PasswebTelegram.UserUnlinked.ReadFrom(JsonValue.Get(found, "unlinked")),
                OptedOut = JsonValue.Boolean(JsonValue.Get(found, "optedOut")).GetValueOrDefault(),
                OptedOutBy = JsonValue.Text(JsonValue.Get(found, "optedOutBy")),
                OptedOutAt = JsonValue.Instant(JsonValue.Get(found, "optedOutAt")),
                OptedOutIn = JsonValue.Text(JsonValue.Get(found, "optedOutIn")),
                MutedEvents = JsonValue.List(JsonValue.Get(found, "mutedEvents"), JsonValue.Text),
                QuietHours = PasswebTelegram.UserQuietHours.ReadFrom(JsonValue.Get(found, "quietHours")),
                MarketingConsent = PasswebTelegram.UserMarketingConsent.ReadFrom(JsonValue.Get(found, "marketingConsent")),
                TimeZone = JsonValue.Text(JsonValue.Get(found, "timeZone")),
                Language = JsonValue.Text(JsonValue.Get(found, "language")),
                FirstName = JsonValue.Text(JsonValue.Get(found, "firstName")),
                LastName = JsonValue.Text(JsonValue.Get(found, "lastName")),
                CompanyName = JsonValue.Text(JsonValue.Get(found, "companyName")),
            };
        }

        /// <summary>The values of <see cref="LinkedBy"/>.</summary>
        public static class LinkedByValues
        {
            public const string DeepLink = "deep-link";
            public const string LoginWidget = "login-widget";
            public const string Oidc = "oidc";
            public const string Import = "import";
        }

        /// <summary>The values of <see cref="OptedOutBy"/>.</summary>
        public static class OptedOutByValues
        {
            public const string Person = "person";
            public const string Shop = "shop";
        }

        /// <summary>The values of <see cref="OptedOutIn"/>.</summary>
        public static class OptedOutInValues
        {
            public const string Bot = "bot";
            public const string Site = "site";
            public const string Import = "import";
        }

        /// <summary>The values of <see cref="MutedEvents"/>.</summary>
        public static class MutedEventsValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileAccess = "file-access";
            public const string StaffNewOrder = "staff-new-order";
            public const string StaffFailures = "staff-failures";
            public const string StaffBotRefused = "staff-bot-refused";
            public const string StaffModuleOff = "staff-module-off";
        }
    }

    /// <summary>All that is kept about a person</summary>
    public sealed class UserExport
    {
        /// <summary>The id of the shop, as in its paths</summary>
        public string SiteId { get; set; }

        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>When this was put together</summary>
        public DateTimeOffset ExportedAt { get; set; }

        /// <summary>The person, as the shop knows them; absent if only other things are kept</summary>
        public UserExportUser User { get; set; }

        /// <summary>What they are told as somebody who works in the shop; absent: they do not</summary>
        public IList<string> Staff { get; set; }

        /// <summary>The chats that are linked, the first one first; at most 5</summary>
        public IList<UserExportChat> Chats { get; set; }

        /// <summary>Links that were handed out, used or not; never the links themselves</summary>
        public IList<UserExportLink> Links { get; set; }

        /// <summary>Logins with Telegram's widget</summary>
        public IList<UserExportLogin> Logins { get; set; }

        /// <summary>Carts and reminders to come, without other recipients, and those that are remembered</summary>
        public IList<UserExportScheduledEntry> Scheduled { get; set; }

        /// <summary>There are more than 1,000</summary>
        public bool? MoreScheduled { get; set; }

        /// <summary>Messages that could not be sent yet, with their text</summary>
        public IList<UserExportWaitingEntry> Waiting { get; set; }

        /// <summary>There are more than 200</summary>
        public bool? MoreWaiting { get; set; }

        /// <summary>What the webhook of the site is still to be told of the person, with how often it was tried in vain. What it is told of messages names only their lines in <c>deliveries</c></summary>
        public IList<UserExportOutgoingEntry> Outgoing { get; set; }

        /// <summary>There are more than 1,000</summary>
        public bool? MoreOutgoing { get; set; }

        /// <summary>The log, newest first</summary>
        public IList<UserExportDelivery> Deliveries { get; set; }

        /// <summary>The log goes on: absent on the last page</summary>
        public string Cursor { get; set; }

        internal static UserExport ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExport
            {
                SiteId = JsonValue.Text(JsonValue.Get(found, "siteId")),
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                ExportedAt = JsonValue.Instant(JsonValue.Get(found, "exportedAt")).GetValueOrDefault(),
                User = PasswebTelegram.UserExportUser.ReadFrom(JsonValue.Get(found, "user")),
                Staff = JsonValue.List(JsonValue.Get(found, "staff"), JsonValue.Text),
                Chats = JsonValue.List(JsonValue.Get(found, "chats"), PasswebTelegram.UserExportChat.ReadFrom),
                Links = JsonValue.List(JsonValue.Get(found, "links"), PasswebTelegram.UserExportLink.ReadFrom),
                Logins = JsonValue.List(JsonValue.Get(found, "logins"), PasswebTelegram.UserExportLogin.ReadFrom),
                Scheduled = JsonValue.List(JsonValue.Get(found, "scheduled"), PasswebTelegram.UserExportScheduledEntry.ReadFrom),
                MoreScheduled = JsonValue.Boolean(JsonValue.Get(found, "moreScheduled")),
                Waiting = JsonValue.List(JsonValue.Get(found, "waiting"), PasswebTelegram.UserExportWaitingEntry.ReadFrom),
                MoreWaiting = JsonValue.Boolean(JsonValue.Get(found, "moreWaiting")),
                Outgoing = JsonValue.List(JsonValue.Get(found, "outgoing"), PasswebTelegram.UserExportOutgoingEntry.ReadFrom),
                MoreOutgoing = JsonValue.Boolean(JsonValue.Get(found, "moreOutgoing")),
                Deliveries = JsonValue.List(JsonValue.Get(found, "deliveries"), PasswebTelegram.UserExportDelivery.ReadFrom),
                Cursor = JsonValue.Text(JsonValue.Get(found, "cursor")),
            };
        }

        /// <summary>The values of <see cref="Staff"/>.</summary>
        public static class StaffValues
        {
            public const string NewOrder = "new-order";
            public const string Failures = "failures";
            public const string BotRefused = "bot-refused";
            public const string ModuleOff = "module-off";
        }
    }

    /// <summary>UserExportChat</summary>
    public sealed class UserExportChat
    {
        /// <summary>The number of the chat at Telegram, up to 52 bits</summary>
        public long ChatId { get; set; }

        /// <summary>The number of the bot at Telegram, as text: the digits before the ":" of its token</summary>
        public string BotId { get; set; }

        /// <summary>When the person linked this chat</summary>
        public DateTimeOffset? LinkedAt { get; set; }

        /// <summary>How they linked it</summary>
        public string LinkedBy { get; set; }

        /// <summary>The username of the account at Telegram when it was linked, without @</summary>
        public string TelegramUsername { get; set; }

        /// <summary>Whether the person has written /stop in this chat</summary>
        public bool Stopped { get; set; }

        /// <summary>When they wrote it</summary>
        public DateTimeOffset? StoppedAt { get; set; }

        /// <summary>When the person began again with /start</summary>
        public DateTimeOffset? ResumedAt { get; set; }

        /// <summary>How many Telegram can not reach</summary>
        public Unreachable Unreachable { get; set; }

        /// <summary>Numbers that the chat had before</summary>
        public IList<long> FormerChatIds { get; set; }

        internal static UserExportChat ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportChat
            {
                ChatId = JsonValue.Int64(JsonValue.Get(found, "chatId")).GetValueOrDefault(),
                BotId = JsonValue.Text(JsonValue.Get(found, "botId")),
                LinkedAt = JsonValue.Instant(JsonValue.Get(found, "linkedAt")),
                LinkedBy = JsonValue.Text(JsonValue.Get(found, "linkedBy")),
                TelegramUsername = JsonValue.Text(JsonValue.Get(found, "telegramUsername")),
                Stopped = JsonValue.Boolean(JsonValue.Get(found, "stopped")).GetValueOrDefault(),
                StoppedAt = JsonValue.Instant(JsonValue.Get(found, "stoppedAt")),
                ResumedAt = JsonValue.Instant(JsonValue.Get(found, "resumedAt")),
                Unreachable = PasswebTelegram.Unreachable.ReadFrom(JsonValue.Get(found, "unreachable")),
                FormerChatIds = JsonValue.List(JsonValue.Get(found, "formerChatIds"), json => JsonValue.Int64(json).GetValueOrDefault()),
            };
        }

        /// <summary>The values of <see cref="LinkedBy"/>.</summary>
        public static class LinkedByValues
        {
            public const string DeepLink = "deep-link";
            public const string LoginWidget = "login-widget";
            public const string Oidc = "oidc";
            public const string Import = "import";
        }
    }

    /// <summary>UserExportDelivery</summary>
    public sealed class UserExportDelivery
    {
        /// <summary>The id of the delivery: the same for the same message, however often its event is reported</summary>
        public string DeliveryId { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>The id of the template</summary>
        public string TemplateId { get; set; }

        /// <summary>Passweb's id of the user</summary>
        public string UserId { get; set; }

        /// <summary>What became of it</summary>
        public string Status { get; set; }

        /// <summary>When it became this</summary>
        public DateTimeOffset RecordedAt { get; set; }

        /// <summary>How often it was tried</summary>
        public long Attempts { get; set; }

        /// <summary>Whether it was a test of a template</summary>
        public bool Test { get; set; }

        /// <summary>How it came; absent in what no event has caused</summary>
        public string Source { get; set; }

        /// <summary>When it is due</summary>
        public DateTimeOffset? DueAt { get; set; }

        /// <summary>Why</summary>
        public string Reason { get; set; }

        /// <summary>Why it failed, or could not be sent yet</summary>
        public UserExportDeliveryFailure Failure { get; set; }

        /// <summary><c>retrying</c>: when it is tried again</summary>
        public DateTimeOffset? NextAttemptAt { get; set; }

        /// <summary>The last day or moment on which it may take place</summary>
        public DateTimeOffset? Until { get; set; }

        /// <summary>The <c>deliveryId</c> of the message that it is in, together with other notices of its folder</summary>
        public string DigestId { get; set; }

        /// <summary>How many notices of a folder the message collects</summary>
        public long? Collected { get; set; }

        /// <summary>The <c>deliveryId</c> of the line whose message was sent once more</summary>
        public string ResendOf { get; set; }

        /// <summary>Until when the message can be sent once more; absent where it can not</summary>
        public DateTimeOffset? ResendableUntil { get; set; }

        /// <summary><c>sent</c>: the number of the message in the chat</summary>
        public long? MessageId { get; set; }

        /// <summary><c>sent</c>: the message of the order that was in the chat was changed, and none was sent; no phone rang</summary>
        public bool? Edited { get; set; }

        /// <summary>Which message of a series it is, or would have been; absent: of none</summary>
        public long? Step { get; set; }

        /// <summary>When the message was taken back from the chat, since its cart was ordered or recovered; absent: it was not</summary>
        public DateTimeOffset? TakenBackAt { get; set; }

        /// <summary><c>edited</c>: a neutral text stands in the place of the message, since Telegram deletes it no longer; absent: it was deleted</summary>
        public string TakenBackAs { get; set; }

        /// <summary>How often its links to the shop were opened; absent where they are not counted</summary>
        public long? Clicks { get; set; }

        /// <summary>When one of them was opened first</summary>
        public DateTimeOffset? ClickedAt { get; set; }

        /// <summary>The number of the chat at Telegram, up to 52 bits</summary>
        public long? ChatId { get; set; }

        /// <summary>Where its counted links lead</summary>
        public IList<string> Links { get; set; }

        internal static UserExportDelivery ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportDelivery
            {
                DeliveryId = JsonValue.Text(JsonValue.Get(found, "deliveryId")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                EventId = JsonValue.Text(JsonValue.Get(found, "eventId")),
                TemplateId = JsonValue.Text(JsonValue.Get(found, "templateId")),
                UserId = JsonValue.Text(JsonValue.Get(found, "userId")),
                Status = JsonValue.Text(JsonValue.Get(found, "status")),
                RecordedAt = JsonValue.Instant(JsonValue.Get(found, "recordedAt")).GetValueOrDefault(),
                Attempts = JsonValue.Int64(JsonValue.Get(found, "attempts")).GetValueOrDefault(),
                Test = JsonValue.Boolean(JsonValue.Get(found, "test")).GetValueOrDefault(),
                Source = JsonValue.Text(JsonValue.Get(found, "source")),
                DueAt = JsonValue.Instant(JsonValue.Get(found, "dueAt")),
                Reason = JsonValue.Text(JsonValue.Get(found, "reason")),
                Failure = PasswebTelegram.UserExportDeliveryFailure.ReadFrom(JsonValue.Get(found, "failure")),
                NextAttemptAt = JsonValue.Instant(JsonValue.Get(found, "nextAttemptAt")),
                Until = JsonValue.Instant(JsonValue.Get(found, "until")),
                DigestId = JsonValue.Text(JsonValue.Get(found, "digestId")),
                Collected = JsonValue.Int64(JsonValue.Get(found, "collected")),
                ResendOf = JsonValue.Text(JsonValue.Get(found, "resendOf")),
                ResendableUntil = JsonValue.Instant(JsonValue.Get(found, "resendableUntil")),
                MessageId = JsonValue.Int64(JsonValue.Get(found, "messageId")),
                Edited = JsonValue.Boolean(JsonValue.Get(found, "edited")),
                Step = JsonValue.Int64(JsonValue.Get(found, "step")),
                TakenBackAt = JsonValue.Instant(JsonValue.Get(found, "takenBackAt")),
                TakenBackAs = JsonValue.Text(JsonValue.Get(found, "takenBackAs")),
                Clicks = JsonValue.Int64(JsonValue.Get(found, "clicks")),
                ClickedAt = JsonValue.Instant(JsonValue.Get(found, "clickedAt")),
                ChatId = JsonValue.Int64(JsonValue.Get(found, "chatId")),
                Links = JsonValue.List(JsonValue.Get(found, "links"), JsonValue.Text),
            };
        }

        /// <summary>The values of <see cref="Status"/>.</summary>
        public static class StatusValues
        {
            public const string Sent = "sent";
            public const string Skipped = "skipped";
            public const string Failed = "failed";
            public const string Retrying = "retrying";
            public const string Waiting = "waiting";
            public const string Scheduled = "scheduled";
        }

        /// <summary>The values of <see cref="Source"/>.</summary>
        public static class SourceValues
        {
            public const string Https = "https";
            public const string Sqs = "sqs";
        }
    }

    /// <summary>Why it failed, or could not be sent yet</summary>
    public sealed class UserExportDeliveryFailure
    {
        /// <summary>The kind of failure, for programs</summary>
        public string Class { get; set; }

        /// <summary>What Telegram, or the way to it, said</summary>
        public string Description { get; set; }

        internal static UserExportDeliveryFailure ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportDeliveryFailure
            {
                Class = JsonValue.Text(JsonValue.Get(found, "class")),
                Description = JsonValue.Text(JsonValue.Get(found, "description")),
            };
        }
    }

    /// <summary>UserExportLink</summary>
    public sealed class UserExportLink
    {
        /// <summary>When it was made</summary>
        public DateTimeOffset CreatedAt { get; set; }

        /// <summary>Until when the link is valid</summary>
        public DateTimeOffset ExpiresAt { get; set; }

        /// <summary>Whether somebody has used it</summary>
        public bool Used { get; set; }

        /// <summary>When it was used</summary>
        public DateTimeOffset? UsedAt { get; set; }

        /// <summary>The number of the chat that used it</summary>
        public long? UsedByChat { get; set; }

        /// <summary>The first name; companies have none</summary>
        public string FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public string LastName { get; set; }

        /// <summary>The name of the company</summary>
        public string CompanyName { get; set; }

        /// <summary>The language that the person reads, as BCP 47 tag</summary>
        public string Language { get; set; }

        /// <summary>The names of user groups of the shop</summary>
        public IList<string> Groups { get; set; }

        /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
        public UserExportLinkMarketingConsent MarketingConsent { get; set; }

        internal static UserExportLink ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportLink
            {
                CreatedAt = JsonValue.Instant(JsonValue.Get(found, "createdAt")).GetValueOrDefault(),
                ExpiresAt = JsonValue.Instant(JsonValue.Get(found, "expiresAt")).GetValueOrDefault(),
                Used = JsonValue.Boolean(JsonValue.Get(found, "used")).GetValueOrDefault(),
                UsedAt = JsonValue.Instant(JsonValue.Get(found, "usedAt")),
                UsedByChat = JsonValue.Int64(JsonValue.Get(found, "usedByChat")),
                FirstName = JsonValue.Text(JsonValue.Get(found, "firstName")),
                LastName = JsonValue.Text(JsonValue.Get(found, "lastName")),
                CompanyName = JsonValue.Text(JsonValue.Get(found, "companyName")),
                Language = JsonValue.Text(JsonValue.Get(found, "language")),
                Groups = JsonValue.List(JsonValue.Get(found, "groups"), JsonValue.Text),
                MarketingConsent = PasswebTelegram.UserExportLinkMarketingConsent.ReadFrom(JsonValue.Get(found, "marketingConsent")),
            };
        }
    }

    /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
    public sealed class UserExportLinkMarketingConsent
    {
        /// <summary>Whether they want it; <c>false</c>: they have withdrawn it</summary>
        public bool Given { get; set; }

        /// <summary>When the person said so: of two statements the later one holds. A time in the future counts as now</summary>
        public DateTimeOffset At { get; set; }

        /// <summary>Where they said it, such as the page or the form; <c>bot</c>: in the bot</summary>
        public string Source { get; set; }

        internal static UserExportLinkMarketingConsent ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportLinkMarketingConsent
            {
                Given = JsonValue.Boolean(JsonValue.Get(found, "given")).GetValueOrDefault(),
                At = JsonValue.Instant(JsonValue.Get(found, "at")).GetValueOrDefault(),
                Source = JsonValue.Text(JsonValue.Get(found, "source")),
            };
        }
    }

    /// <summary>UserExportLogin</summary>
    public sealed class UserExportLogin
    {
        /// <summary>When it was used</summary>
        public DateTimeOffset UsedAt { get; set; }

        /// <summary>When this row is deleted</summary>
        public DateTimeOffset KeptUntil { get; set; }

        internal static UserExportLogin ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportLogin
            {
                UsedAt = JsonValue.Instant(JsonValue.Get(found, "usedAt")).GetValueOrDefault(),
                KeptUntil = JsonValue.Instant(JsonValue.Get(found, "keptUntil")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>UserExportOutgoingEntry</summary>
    public sealed class UserExportOutgoingEntry
    {
        /// <summary>The id of the call: its header <c>webhook-id</c></summary>
        public string Id { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>When</summary>
        public DateTimeOffset At { get; set; }

        /// <summary>When it is due</summary>
        public DateTimeOffset DueAt { get; set; }

        /// <summary>How often the call was tried in vain</summary>
        public long Failures { get; set; }

        /// <summary>The data of the call, as docs/webhooks.md describes them for its event</summary>
        public IDictionary<string, object> Data { get; set; }

        internal static UserExportOutgoingEntry ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportOutgoingEntry
            {
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                At = JsonValue.Instant(JsonValue.Get(found, "at")).GetValueOrDefault(),
                DueAt = JsonValue.Instant(JsonValue.Get(found, "dueAt")).GetValueOrDefault(),
                Failures = JsonValue.Int64(JsonValue.Get(found, "failures")).GetValueOrDefault(),
                Data = JsonValue.Map(JsonValue.Get(found, "data"), JsonValue.Any),
            };
        }
    }

    /// <summary>UserExportScheduledEntry</summary>
    public sealed class UserExportScheduledEntry
    {
        /// <summary>What it is: the kind and the id of the cart, order or activity</summary>
        public string Key { get; set; }

        /// <summary>When it is due</summary>
        public DateTimeOffset? DueAt { get; set; }

        /// <summary>The event as it was reported, without its other recipients</summary>
        public IDictionary<string, object> Event { get; set; }

        internal static UserExportScheduledEntry ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportScheduledEntry
            {
                Key = JsonValue.Text(JsonValue.Get(found, "key")),
                DueAt = JsonValue.Instant(JsonValue.Get(found, "dueAt")),
                Event = JsonValue.Map(JsonValue.Get(found, "event"), JsonValue.Any),
            };
        }
    }

    /// <summary>The person, as the shop knows them; absent if only other things are kept</summary>
    public sealed class UserExportUser
    {
        /// <summary>The first name; companies have none</summary>
        public string FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public string LastName { get; set; }

        /// <summary>The name of the company</summary>
        public string CompanyName { get; set; }

        /// <summary>The language that the person reads, as BCP 47 tag</summary>
        public string Language { get; set; }

        /// <summary>When the names were last given</summary>
        public DateTimeOffset? NamesAt { get; set; }

        /// <summary>The kinds of event that the user does not want</summary>
        public IList<string> MutedEvents { get; set; }

        /// <summary>When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours</summary>
        public UserExportUserQuietHours QuietHours { get; set; }

        /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
        public UserExportUserMarketingConsent MarketingConsent { get; set; }

        /// <summary>IANA name, such as <c>Europe/Rome</c>: dates are shown in it</summary>
        public string TimeZone { get; set; }

        /// <summary>Whether the user wants nothing from the bot</summary>
        public bool OptedOut { get; set; }

        /// <summary>Every opt-out that holds, with who said it, when and where</summary>
        public IList<UserExportUserOptOut> OptOuts { get; set; }

        /// <summary>When an opt-out was last taken back, by whose it was</summary>
        public UserExportUserOptedIn OptedIn { get; set; }

        /// <summary>When a /stop of the person ended</summary>
        public IList<DateTimeOffset> EndedStops { get; set; }

        /// <summary>Why and since when the person has no chat any more</summary>
        public UserExportUserUnlinked Unlinked { get; set; }

        /// <summary>When a link to a chat ended</summary>
        public IList<DateTimeOffset> EndedLinks { get; set; }

        /// <summary>Ids that the person had before</summary>
        public IList<string> FormerIds { get; set; }

        internal static UserExportUser ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportUser
            {
                FirstName = JsonValue.Text(JsonValue.Get(found, "firstName")),
                LastName = JsonValue.Text(JsonValue.Get(found, "lastName")),
                CompanyName = JsonValue.Text(JsonValue.Get(found, "companyName")),
                Language = JsonValue.Text(JsonValue.Get(found, "language")),
                NamesAt = JsonValue.Instant(JsonValue.Get(found, "namesAt")),
                MutedEvents = JsonValue.List(JsonValue.Get(found, "mutedEvents"), JsonValue.Text),
                QuietHours = PasswebTelegram.UserExportUserQuietHours.ReadFrom(JsonValue.Get(found, "quietHours")),
                MarketingConsent = PasswebTelegram.UserExportUserMarketingConsent.ReadFrom(JsonValue.Get(found, "marketingConsent")),
                TimeZone = JsonValue.Text(JsonValue.Get(found, "timeZone")),
                OptedOut = JsonValue.Boolean(JsonValue.Get(found, "optedOut")).GetValueOrDefault(),
                OptOuts = JsonValue.List(JsonValue.Get(found, "optOuts"), PasswebTelegram.UserExportUserOptOut.ReadFrom),
                OptedIn = PasswebTelegram.UserExportUserOptedIn.ReadFrom(JsonValue.Get(found, "optedIn")),
                EndedStops = JsonValue.List(JsonValue.Get(found, "endedStops"), json => JsonValue.Instant(json).GetValueOrDefault()),
                Unlinked = PasswebTelegram.UserExportUserUnlinked.ReadFrom(JsonValue.Get(found, "unlinked")),
                EndedLinks = JsonValue.List(JsonValue.Get(found, "endedLinks"), json => JsonValue.Instant(json).GetValueOrDefault()),
                FormerIds = JsonValue.List(JsonValue.Get(found, "formerIds"), JsonValue.Text),
            };
        }

        /// <summary>The values of <see cref="MutedEvents"/>.</summary>
        public static class MutedEventsValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileAccess = "file-access";
            public const string StaffNewOrder = "staff-new-order";
            public const string StaffFailures = "staff-failures";
            public const string StaffBotRefused = "staff-bot-refused";
            public const string StaffModuleOff = "staff-module-off";
        }
    }

    /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
    public sealed class UserExportUserMarketingConsent
    {
        /// <summary>Whether they want it; <c>false</c>: they have withdrawn it</summary>
        public bool Given { get; set; }

        /// <summary>When the person said so: of two statements the later one holds. A time in the future counts as now</summary>
        public DateTimeOffset At { get; set; }

        /// <summary>Where they said it, such as the page or the form; <c>bot</c>: in the bot</summary>
        public string Source { get; set; }

        internal static UserExportUserMarketingConsent ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportUserMarketingConsent
            {
                Given = JsonValue.Boolean(JsonValue.Get(found, "given")).GetValueOrDefault(),
                At = JsonValue.Instant(JsonValue.Get(found, "at")).GetValueOrDefault(),
                Source = JsonValue.Text(JsonValue.Get(found, "source")),
            };
        }
    }

    /// <summary>UserExportUserOptOut</summary>
    public sealed class UserExportUserOptOut
    {
        /// <summary>Who said so: <c>person</c> where they ticked it themself on the site, else <c>shop</c></summary>
        public string By { get; set; }

        /// <summary>When</summary>
        public DateTimeOffset? At { get; set; }

        /// <summary>Where it was said</summary>
        public string Where { get; set; }

        internal static UserExportUserOptOut ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportUserOptOut
            {
                By = JsonValue.Text(JsonValue.Get(found, "by")),
                At = JsonValue.Instant(JsonValue.Get(found, "at")),
                Where = JsonValue.Text(JsonValue.Get(found, "where")),
            };
        }

        /// <summary>The values of <see cref="By"/>.</summary>
        public static class ByValues
        {
            public const string Person = "person";
            public const string Shop = "shop";
        }

        /// <summary>The values of <see cref="Where"/>.</summary>
        public static class WhereValues
        {
            public const string Bot = "bot";
            public const string Site = "site";
            public const string Import = "import";
        }
    }

    /// <summary>When an opt-out was last taken back, by whose it was</summary>
    public sealed class UserExportUserOptedIn
    {
        /// <summary>Their own was taken back then</summary>
        public DateTimeOffset? Person { get; set; }

        /// <summary>The shop's was taken back then</summary>
        public DateTimeOffset? Shop { get; set; }

        internal static UserExportUserOptedIn ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportUserOptedIn
            {
                Person = JsonValue.Instant(JsonValue.Get(found, "person")),
                Shop = JsonValue.Instant(JsonValue.Get(found, "shop")),
            };
        }
    }

    /// <summary>When no phone rings, by the clock of whoever gets the message; absent: phones ring at all hours</summary>
    public sealed class UserExportUserQuietHours
    {
        /// <summary>When they begin: <c>HH:MM</c></summary>
        public string From { get; set; }

        /// <summary>When they end: <c>HH:MM</c>; before <c>from</c>, it is the next day</summary>
        public string To { get; set; }

        /// <summary><c>silent</c>: messages go out without a sound. <c>after</c>: they wait until the quiet hours are over</summary>
        public string Mode { get; set; }

        internal static UserExportUserQuietHours ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportUserQuietHours
            {
                From = JsonValue.Text(JsonValue.Get(found, "from")),
                To = JsonValue.Text(JsonValue.Get(found, "to")),
                Mode = JsonValue.Text(JsonValue.Get(found, "mode")),
            };
        }

        /// <summary>The values of <see cref="Mode"/>.</summary>
        public static class ModeValues
        {
            public const string Silent = "silent";
            public const string After = "after";
            public const string Off = "off";
        }
    }

    /// <summary>Why and since when the person has no chat any more</summary>
    public sealed class UserExportUserUnlinked
    {
        /// <summary>Why</summary>
        public string Reason { get; set; }

        /// <summary>Since when</summary>
        public DateTimeOffset Since { get; set; }

        internal static UserExportUserUnlinked ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportUserUnlinked
            {
                Reason = JsonValue.Text(JsonValue.Get(found, "reason")),
                Since = JsonValue.Instant(JsonValue.Get(found, "since")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>UserExportWaitingEntry</summary>
    public sealed class UserExportWaitingEntry
    {
        /// <summary>The id of the delivery: the same for the same message, however often its event is reported</summary>
        public string DeliveryId { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>Chosen by whoever reports the event, once for each event of the site: the same one again repeats nothing</summary>
        public string EventId { get; set; }

        /// <summary>When its event was accepted</summary>
        public DateTimeOffset AcceptedAt { get; set; }

        /// <summary>The number of the chat at Telegram, up to 52 bits</summary>
        public long? ChatId { get; set; }

        /// <summary>The message, in Telegram's HTML</summary>
        public string Text { get; set; }

        /// <summary>The button below the message</summary>
        public UserExportWaitingEntryButton Button { get; set; }

        /// <summary>The buttons below the first one</summary>
        public IList<UserExportWaitingEntryMoreButton> MoreButtons { get; set; }

        /// <summary>The articles of the order that the message shows as a table</summary>
        public UserExportWaitingEntryTable Table { get; set; }

        internal static UserExportWaitingEntry ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportWaitingEntry
            {
                DeliveryId = JsonValue.Text(JsonValue.Get(found, "deliveryId")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                EventId = JsonValue.Text(JsonValue.Get(found, "eventId")),
                AcceptedAt = JsonValue.Instant(JsonValue.Get(found, "acceptedAt")).GetValueOrDefault(),
                ChatId = JsonValue.Int64(JsonValue.Get(found, "chatId")),
                Text = JsonValue.Text(JsonValue.Get(found, "text")),
                Button = PasswebTelegram.UserExportWaitingEntryButton.ReadFrom(JsonValue.Get(found, "button")),
                MoreButtons = JsonValue.List(JsonValue.Get(found, "moreButtons"), PasswebTelegram.UserExportWaitingEntryMoreButton.ReadFrom),
                Table = PasswebTelegram.UserExportWaitingEntryTable.ReadFrom(JsonValue.Get(found, "table")),
            };
        }
    }

    /// <summary>The button below the message</summary>
    public sealed class UserExportWaitingEntryButton
    {
        /// <summary>What the button says</summary>
        public string Text { get; set; }

        /// <summary>Where it leads</summary>
        public string Url { get; set; }

        /// <summary>Its colour; absent: as Telegram shows a button</summary>
        public string Style { get; set; }

        internal static UserExportWaitingEntryButton ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportWaitingEntryButton
            {
                Text = JsonValue.Text(JsonValue.Get(found, "text")),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Style = JsonValue.Text(JsonValue.Get(found, "style")),
            };
        }

        /// <summary>The values of <see cref="Style"/>.</summary>
        public static class StyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary>UserExportWaitingEntryMoreButton</summary>
    public sealed class UserExportWaitingEntryMoreButton
    {
        /// <summary>What the button says</summary>
        public string Text { get; set; }

        /// <summary>Where it leads</summary>
        public string Url { get; set; }

        /// <summary>Its colour; absent: as Telegram shows a button</summary>
        public string Style { get; set; }

        /// <summary>What one touch copies</summary>
        public string CopyText { get; set; }

        internal static UserExportWaitingEntryMoreButton ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportWaitingEntryMoreButton
            {
                Text = JsonValue.Text(JsonValue.Get(found, "text")),
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Style = JsonValue.Text(JsonValue.Get(found, "style")),
                CopyText = JsonValue.Text(JsonValue.Get(found, "copyText")),
            };
        }

        /// <summary>The values of <see cref="Style"/>.</summary>
        public static class StyleValues
        {
            public const string Primary = "primary";
            public const string Success = "success";
            public const string Danger = "danger";
        }
    }

    /// <summary>The articles of the order that the message shows as a table</summary>
    public sealed class UserExportWaitingEntryTable
    {
        /// <summary>The articles</summary>
        public IList<UserExportWaitingEntryTableRow> Rows { get; set; }

        /// <summary>How many more articles there are, in words</summary>
        public string Others { get; set; }

        /// <summary>The total of the order</summary>
        public UserExportWaitingEntryTableSum Sum { get; set; }

        /// <summary>The addresses of the pictures</summary>
        public IList<string> Pictures { get; set; }

        internal static UserExportWaitingEntryTable ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportWaitingEntryTable
            {
                Rows = JsonValue.List(JsonValue.Get(found, "rows"), PasswebTelegram.UserExportWaitingEntryTableRow.ReadFrom),
                Others = JsonValue.Text(JsonValue.Get(found, "others")),
                Sum = PasswebTelegram.UserExportWaitingEntryTableSum.ReadFrom(JsonValue.Get(found, "sum")),
                Pictures = JsonValue.List(JsonValue.Get(found, "pictures"), JsonValue.Text),
            };
        }
    }

    /// <summary>UserExportWaitingEntryTableRow</summary>
    public sealed class UserExportWaitingEntryTableRow
    {
        /// <summary>How many, and of what</summary>
        public string Item { get; set; }

        /// <summary>What it costs</summary>
        public string Amount { get; set; }

        internal static UserExportWaitingEntryTableRow ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportWaitingEntryTableRow
            {
                Item = JsonValue.Text(JsonValue.Get(found, "item")),
                Amount = JsonValue.Text(JsonValue.Get(found, "amount")),
            };
        }
    }

    /// <summary>The total of the order</summary>
    public sealed class UserExportWaitingEntryTableSum
    {
        /// <summary>What it is called</summary>
        public string Item { get; set; }

        /// <summary>How much it is</summary>
        public string Amount { get; set; }

        internal static UserExportWaitingEntryTableSum ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserExportWaitingEntryTableSum
            {
                Item = JsonValue.Text(JsonValue.Get(found, "item")),
                Amount = JsonValue.Text(JsonValue.Get(found, "amount")),
            };
        }
    }

    /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
    public sealed class UserMarketingConsent
    {
        /// <summary>Whether they want it; <c>false</c>: they have withdrawn it</summary>
        public bool Given { get; set; }

        /// <summary>When the person said so: of two statements the later one holds. A time in the future counts as now</summary>
        public DateTimeOffset At { get; set; }

        /// <summary>Where they said it, such as the page or the form; <c>bot</c>: in the bot</summary>
        public string Source { get; set; }

        internal static UserMarketingConsent ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserMarketingConsent
            {
                Given = JsonValue.Boolean(JsonValue.Get(found, "given")).GetValueOrDefault(),
                At = JsonValue.Instant(JsonValue.Get(found, "at")).GetValueOrDefault(),
                Source = JsonValue.Text(JsonValue.Get(found, "source")),
            };
        }
    }

    /// <summary>What changes; what is absent stays as it is</summary>
    public sealed class UserPatch : IJsonObject
    {
        /// <summary>Whether the user wants nothing from the bot</summary>
        public bool? OptedOut { get; set; }

        /// <summary>Who said so: <c>person</c> where they ticked it themself on the site, else <c>shop</c></summary>
        public string By { get; set; }

        /// <summary>The kinds of event that the user does not want</summary>
        public IList<string> MutedEvents { get; set; }

        /// <summary>In place of those of the site: the person's own, or none (<c>mode: off</c>); <c>null</c>: those of the site</summary>
        public Optional<OwnQuietHours> QuietHours { get; set; }

        /// <summary>Whether the person wants advertising, such as the further messages about a cart. Absent: nobody has said it, and they get none</summary>
        public MarketingConsent MarketingConsent { get; set; }

        /// <summary>IANA name, such as <c>Europe/Rome</c>: dates are shown in it</summary>
        public Optional<string> TimeZone { get; set; }

        /// <summary>The language that the person reads, as BCP 47 tag</summary>
        public Optional<string> Language { get; set; }

        /// <summary>The first name; companies have none</summary>
        public Optional<string> FirstName { get; set; }

        /// <summary>The last name; companies have none</summary>
        public Optional<string> LastName { get; set; }

        /// <summary>The name of the company</summary>
        public Optional<string> CompanyName { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("optedOut", OptedOut);
            writer.Property("by", By);
            writer.Property("mutedEvents", MutedEvents);
            writer.Property("quietHours", QuietHours);
            writer.Property("marketingConsent", MarketingConsent);
            writer.Property("timeZone", TimeZone);
            writer.Property("language", Language);
            writer.Property("firstName", FirstName);
            writer.Property("lastName", LastName);
            writer.Property("companyName", CompanyName);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="By"/>.</summary>
        public static class ByValues
        {
            public const string Person = "person";
            public const string Shop = "shop";
        }

        /// <summary>The values of <see cref="MutedEvents"/>.</summary>
        public static class MutedEventsValues
        {
            public const string OrderStatus = "order-status";
            public const string AbandonedCart = "abandoned-cart";
            public const string MessageSent = "message-sent";
            public const string MessageRead = "message-read";
            public const string ActivityStatus = "activity-status";
            public const string ActivityViewed = "activity-viewed";
            public const string ActivityReminder = "activity-reminder";
            public const string FileUpload = "file-upload";
            public const string FileAccess = "file-access";
            public const string StaffNewOrder = "staff-new-order";
            public const string StaffFailures = "staff-failures";
            public const string StaffBotRefused = "staff-bot-refused";
            public const string StaffModuleOff = "staff-module-off";
        }
    }

    /// <summary>In place of those of the site: the person's own, or none (<c>mode: off</c>); absent: those of the site</summary>
    public sealed class UserQuietHours
    {
        /// <summary>When they begin: <c>HH:MM</c></summary>
        public string From { get; set; }

        /// <summary>When they end: <c>HH:MM</c>; before <c>from</c>, it is the next day</summary>
        public string To { get; set; }

        /// <summary><c>silent</c>: messages go out without a sound. <c>after</c>: they wait until the quiet hours are over</summary>
        public string Mode { get; set; }

        internal static UserQuietHours ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserQuietHours
            {
                From = JsonValue.Text(JsonValue.Get(found, "from")),
                To = JsonValue.Text(JsonValue.Get(found, "to")),
                Mode = JsonValue.Text(JsonValue.Get(found, "mode")),
            };
        }

        /// <summary>The values of <see cref="Mode"/>.</summary>
        public static class ModeValues
        {
            public const string Silent = "silent";
            public const string After = "after";
            public const string Off = "off";
        }
    }

    /// <summary>Why and since when the person has no chat any more</summary>
    public sealed class UserUnlinked
    {
        /// <summary>Why</summary>
        public string Reason { get; set; }

        /// <summary>Since when</summary>
        public DateTimeOffset Since { get; set; }

        internal static UserUnlinked ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new UserUnlinked
            {
                Reason = JsonValue.Text(JsonValue.Get(found, "reason")),
                Since = JsonValue.Instant(JsonValue.Get(found, "since")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>Where this site is told what happens, and how that went</summary>
    public sealed class Webhook
    {
        /// <summary>The address that is called</summary>
        public string Url { get; set; }

        /// <summary>The kinds of what is told</summary>
        public IList<string> Events { get; set; }

        /// <summary>When it was made</summary>
        public DateTimeOffset CreatedAt { get; set; }

        /// <summary>With which calls are signed, newest first: at most four, a fifth ends the oldest. What they are is never shown again</summary>
        public IList<WebhookSecret> Secrets { get; set; }

        /// <summary>Set: it is switched off until it is saved again</summary>
        public WebhookProblem Problem { get; set; }

        /// <summary>The endpoint takes nothing: it is tried again then</summary>
        public DateTimeOffset? PausedUntil { get; set; }

        /// <summary>How much was given up, each after a day</summary>
        public long Dropped { get; set; }

        /// <summary>The last calls, newest first: 20, and the last five tests</summary>
        public IList<WebhookTry> Tries { get; set; }

        internal static Webhook ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Webhook
            {
                Url = JsonValue.Text(JsonValue.Get(found, "url")),
                Events = JsonValue.List(JsonValue.Get(found, "events"), JsonValue.Text),
                CreatedAt = JsonValue.Instant(JsonValue.Get(found, "createdAt")).GetValueOrDefault(),
                Secrets = JsonValue.List(JsonValue.Get(found, "secrets"), PasswebTelegram.WebhookSecret.ReadFrom),
                Problem = PasswebTelegram.WebhookProblem.ReadFrom(JsonValue.Get(found, "problem")),
                PausedUntil = JsonValue.Instant(JsonValue.Get(found, "pausedUntil")),
                Dropped = JsonValue.Int64(JsonValue.Get(found, "dropped")).GetValueOrDefault(),
                Tries = JsonValue.List(JsonValue.Get(found, "tries"), PasswebTelegram.WebhookTry.ReadFrom),
            };
        }

        /// <summary>The values of <see cref="Events"/>.</summary>
        public static class EventsValues
        {
            public const string UserLinked = "user.linked";
            public const string UserOptedOut = "user.opted-out";
            public const string UserUnreachable = "user.unreachable";
            public const string UserReturned = "user.returned";
            public const string DeliverySent = "delivery.sent";
            public const string DeliveryFailed = "delivery.failed";
            public const string DeliverySkipped = "delivery.skipped";
            public const string DeliveryClicked = "delivery.clicked";
            public const string BotProblem = "bot.problem";
        }
    }

    /// <summary>Where to tell what</summary>
    public sealed class WebhookBody : IJsonObject
    {
        /// <summary>Where what happens is told: <c>https</c>, on the public Internet, port 443 or one from 1024 on. The local run also takes an address of its own machine</summary>
        public string Url { get; set; }

        /// <summary>What is told</summary>
        public IList<string> Events { get; set; }

        /// <summary>Whether the secret stays. Otherwise there is a new one, and the former one stays valid for a day. At most four are valid at once: a fifth ends the oldest</summary>
        public bool? KeepSecret { get; set; }

        public void WriteTo(JsonWriter writer)
        {
            writer.BeginObject();
            writer.Property("url", Url);
            writer.Property("events", Events);
            writer.Property("keepSecret", KeepSecret);
            writer.EndObject();
        }

        /// <summary>The values of <see cref="Events"/>.</summary>
        public static class EventsValues
        {
            public const string UserLinked = "user.linked";
            public const string UserOptedOut = "user.opted-out";
            public const string UserUnreachable = "user.unreachable";
            public const string UserReturned = "user.returned";
            public const string DeliverySent = "delivery.sent";
            public const string DeliveryFailed = "delivery.failed";
            public const string DeliverySkipped = "delivery.skipped";
            public const string DeliveryClicked = "delivery.clicked";
            public const string BotProblem = "bot.problem";
        }
    }

    /// <summary>Set: it is switched off until it is saved again</summary>
    public sealed class WebhookProblem
    {
        /// <summary>What is wrong, for programs</summary>
        public string Kind { get; set; }

        /// <summary>Since when</summary>
        public DateTimeOffset Since { get; set; }

        /// <summary>The same in the words of Telegram, or in ours</summary>
        public string Description { get; set; }

        internal static WebhookProblem ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new WebhookProblem
            {
                Kind = JsonValue.Text(JsonValue.Get(found, "kind")),
                Since = JsonValue.Instant(JsonValue.Get(found, "since")).GetValueOrDefault(),
                Description = JsonValue.Text(JsonValue.Get(found, "description")),
            };
        }

        /// <summary>The values of <see cref="Kind"/>.</summary>
        public static class KindValues
        {
            public const string EndpointGone = "endpoint-gone";
            public const string EndpointFailing = "endpoint-failing";
        }
    }

    /// <summary>WebhookSecret</summary>
    public sealed class WebhookSecret
    {
        /// <summary>When it was made</summary>
        public DateTimeOffset CreatedAt { get; set; }

        /// <summary>Until when the secret signs, if no fourth one is made after it; absent: for as long as there is no other</summary>
        public DateTimeOffset? ValidUntil { get; set; }

        internal static WebhookSecret ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new WebhookSecret
            {
                CreatedAt = JsonValue.Instant(JsonValue.Get(found, "createdAt")).GetValueOrDefault(),
                ValidUntil = JsonValue.Instant(JsonValue.Get(found, "validUntil")),
            };
        }
    }

    /// <summary>How a call that was made to try it has ended</summary>
    public sealed class WebhookTest
    {
        /// <summary>Whether the endpoint has answered 2xx</summary>
        public bool Taken { get; set; }

        /// <summary>When the call began</summary>
        public DateTimeOffset At { get; set; }

        /// <summary>The <c>webhook-id</c>: the same for every try</summary>
        public string Id { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>From 1</summary>
        public long Attempt { get; set; }

        /// <summary>The HTTP status; absent where there was no answer</summary>
        public long? Status { get; set; }

        /// <summary>The beginning of the answer, at most 300 characters</summary>
        public string Answer { get; set; }

        /// <summary>Why there was no answer, in English</summary>
        public string Error { get; set; }

        /// <summary>How long the call took</summary>
        public long Milliseconds { get; set; }

        internal static WebhookTest ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new WebhookTest
            {
                Taken = JsonValue.Boolean(JsonValue.Get(found, "taken")).GetValueOrDefault(),
                At = JsonValue.Instant(JsonValue.Get(found, "at")).GetValueOrDefault(),
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                Attempt = JsonValue.Int64(JsonValue.Get(found, "attempt")).GetValueOrDefault(),
                Status = JsonValue.Int64(JsonValue.Get(found, "status")),
                Answer = JsonValue.Text(JsonValue.Get(found, "answer")),
                Error = JsonValue.Text(JsonValue.Get(found, "error")),
                Milliseconds = JsonValue.Int64(JsonValue.Get(found, "milliseconds")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>One call, and how it has ended</summary>
    public sealed class WebhookTry
    {
        /// <summary>When the call began</summary>
        public DateTimeOffset At { get; set; }

        /// <summary>The <c>webhook-id</c>: the same for every try</summary>
        public string Id { get; set; }

        /// <summary>The kind of event</summary>
        public string Event { get; set; }

        /// <summary>From 1</summary>
        public long Attempt { get; set; }

        /// <summary>The HTTP status; absent where there was no answer</summary>
        public long? Status { get; set; }

        /// <summary>The beginning of the answer, at most 300 characters</summary>
        public string Answer { get; set; }

        /// <summary>Why there was no answer, in English</summary>
        public string Error { get; set; }

        /// <summary>How long the call took</summary>
        public long Milliseconds { get; set; }

        internal static WebhookTry ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new WebhookTry
            {
                At = JsonValue.Instant(JsonValue.Get(found, "at")).GetValueOrDefault(),
                Id = JsonValue.Text(JsonValue.Get(found, "id")),
                Event = JsonValue.Text(JsonValue.Get(found, "event")),
                Attempt = JsonValue.Int64(JsonValue.Get(found, "attempt")).GetValueOrDefault(),
                Status = JsonValue.Int64(JsonValue.Get(found, "status")),
                Answer = JsonValue.Text(JsonValue.Get(found, "answer")),
                Error = JsonValue.Text(JsonValue.Get(found, "error")),
                Milliseconds = JsonValue.Int64(JsonValue.Get(found, "milliseconds")).GetValueOrDefault(),
            };
        }
    }

    /// <summary>The same in Italian and in English</summary>
    public sealed class Words
    {
        /// <summary>In Italian</summary>
        public string It { get; set; }

        /// <summary>In English</summary>
        public string En { get; set; }

        internal static Words ReadFrom(object value)
        {
            if (value == null) return null;
            var found = JsonValue.Object(value);
            return new Words
            {
                It = JsonValue.Text(JsonValue.Get(found, "it")),
                En = JsonValue.Text(JsonValue.Get(found, "en")),
            };
        }
    }
}
