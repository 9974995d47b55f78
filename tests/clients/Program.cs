// Uses the C# client against a local run, and against an API that fails as it is told. Each check prints a line.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using PasswebTelegram;

internal static class Program
{
    private static readonly string Api = Environment.GetEnvironmentVariable("API");
    private static readonly string Unreliable = Environment.GetEnvironmentVariable("UNRELIABLE_API");

    private static async Task Run()
    {
        var platform = new PlatformClient(Api, "platform-demo");
        var made = await platform.PutSiteAsync(
            "emporio",
            new SiteBody { Name = "Emporio \"Perché no?\"", Url = "https://emporio.example", ModuleActive = true });
        Say("site", made.Value.Name, made.Value.SiteKey.StartsWith("pwtg_"));

        var site = new SiteClient(Api, "emporio", made.Value.SiteKey);
        await site.PutBotAsync(new BotBody { Token = "200:nuovo", Username = "nuovo_bot", TakeOver = true });
        var imported = await site.ImportUsersAsync(new ImportBody
        {
            BotId = "200",
            Users = new List<ImportBodyUser>
            {
                new ImportBodyUser { UserId = "CLI/001", ChatId = 4503599627370, FirstName = "Zoë 🛍", Language = "it" },
            },
        });
        Say("imported", imported.Results.Single().Status == ImportAnswerResult.StatusValues.Imported, imported.Counts.Imported);
        var user = await site.GetUserAsync("CLI/001");
        Say("user", user.FirstName, user.Linked, user.Chats.Single().ChatId, user.LinkedAt.HasValue);

        var order = OrderOf("evaso-1");
        var accepted = await site.ReportOrderStatusAsync(order);
        var outcome = accepted.Notifications.Single();
        Say("event", outcome.Status == NotificationOutcome.StatusValues.Queued, outcome.UserId, accepted.Repeated ?? false);
        Say("repeated", (await site.ReportOrderStatusAsync(order)).Repeated);

        order.Order.ItemCount = 2;
        await Fails("reused", () => site.ReportOrderStatusAsync(order));
        var wrong = OrderOf("evaso-2");
        wrong.Order.Total.Amount = 12.5m.ToString(new System.Globalization.CultureInfo("it-IT"));
        wrong.Holder.Id = null;
        await Fails("wrong", () => site.ReportOrderStatusAsync(wrong));
        await Fails("key", () => new SiteClient(Api, "emporio", "pwtg_wrong").GetSiteAsync());

        var before = await site.GetSiteAsync();
        Say("settings", before.Value.AbandonedCartHours, before.Value.MerchantContact ?? "none");
        var patch = new ChangeSiteBody { MerchantContact = "+39 0721 1234", AbandonedCartHours = 1.5m };
        var after = await site.ChangeSiteAsync(patch, before.ETag);
        Say("changed", after.Value.AbandonedCartHours, after.Value.MerchantContact, after.ETag != before.ETag);
        await Fails("outdated", () => site.ChangeSiteAsync(patch, before.ETag));
        var cleared = await site.ChangeSiteAsync(new ChangeSiteBody { MerchantContact = Optional<string>.Null });
        Say("cleared", cleared.Value.MerchantContact ?? "none", cleared.Value.AbandonedCartHours);

        var reminder = new ActivityReminderEvent
        {
            EventId = "richiamo-1",
            Activity = new ActivityReminderEventActivity { Id = "712", Subject = "Riunione", Date = "2027-03-01T09:00:00+01:00" },
            RemindMinutesBefore = 30,
            Recipients = new List<Recipient> { new Recipient { Id = "CLI/001" } },
        };
        var scheduled = (await site.ReportActivityReminderAsync(reminder)).Notifications.Single();
        Say("scheduled", scheduled.DueAt == new DateTimeOffset(2027, 3, 1, 7, 30, 0, TimeSpan.Zero));
        await site.CancelReminderAsync("712");

        var preview = await site.PreviewTemplateAsync(new PreviewBody
        {
            Event = "welcome",
            Text = new Dictionary<string, string> { { "it", "Ciao {{nome}}!" }, { "en", "Hi {{nome}}!" } },
            Values = new PreviewBodyValues { Nome = "Bruno" },
        });
        Say("preview", preview.Previews["it"].Text, preview.Previews.Count);
        var log = await site.ListDeliveriesAsync(@event: "order-status", limit: 1);
        for (var tries = 0; tries < 100 && log.Deliveries.Count == 0; tries++)
        {
            await Task.Delay(100);
            log = await site.ListDeliveriesAsync(@event: "order-status", limit: 1);
        }
        Say("log", log.Deliveries.Single().EventId, log.Deliveries.Single().RecordedAt > DateTimeOffset.UtcNow.AddHours(-1));

        var shaky = new SiteClient(Unreliable, "emporio", "pwtg_x");
        Say("patient", (await shaky.ReportOrderStatusAsync(OrderOf("late"))).EventId);
        await Fails("no repetition", () => shaky.CreateLinkAsync("anna", new LinkBody()));
        await Fails("too long", () => shaky.GetUserAsync("anna"));
        using (var ending = new CancellationTokenSource(200))
        {
            try
            {
                await shaky.ListTemplatesAsync(ending.Token);
            }
            catch (OperationCanceledException)
            {
                Say("cancelled");
            }
        }
    }

    private static OrderStatusEvent OrderOf(string eventId)
    {
        return new OrderStatusEvent
        {
            EventId = eventId,
            OccurredAt = DateTimeOffset.Now,
            Order = new OrderStatusEventOrder
            {
                Id = "1",
                Reference = "OC 1",
                Status = "Evaso",
                ItemCount = 1.5m,
                Total = new Money { Amount = "20.00", Currency = "EUR" },
                Url = "https://emporio.example/ordini/1",
            },
            Holder = new Recipient { Id = "CLI/001", FirstName = "Zoë 🛍", Groups = new[] { "Clienti" } },
        };
    }

    private static async Task Fails(string name, Func<Task> call)
    {
        try
        {
            await call();
            Say(name, "was not refused");
        }
        catch (ProblemException problem)
        {
            Say(name, problem.Status, problem.Code, string.Join(" ", problem.Errors.Select(error => error.Pointer + " " + error.Code)), problem.RetryAfter);
        }
        catch (Exception error)
        {
            Say(name, error.GetType().Name);
        }
    }

    private static void Say(params object[] words)
    {
        var written = words.Select(word => Convert.ToString(word, System.Globalization.CultureInfo.InvariantCulture));
        Console.WriteLine(string.Join(" | ", written));
    }

    private static int Main()
    {
        Console.OutputEncoding = new System.Text.UTF8Encoding(false);
        Run().GetAwaiter().GetResult();
        return 0;
    }
}
