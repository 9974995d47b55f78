// Uses the classes of docs/integrazione-passweb.md as Passweb would.
using System;
using System.Threading;
using System.Threading.Tasks;
using PasswebTelegram;

internal static class Integration
{
    private static async Task Run(string api, string key)
    {
        var site = new SiteClient(api, "demo", key);
        var orders = new InvioOrdini(site, Console.WriteLine);
        Console.WriteLine(await orders.InviaAsync(ChangeOf("84600", "https://shop.example/ordini/84600"), CancellationToken.None));
        Console.WriteLine(await orders.InviaAsync(ChangeOf("84601", "https://altro.example/ordini/84601"), CancellationToken.None));
        var wrongKey = new InvioOrdini(new SiteClient(api, "demo", "pwtg_wrong"), Console.WriteLine);
        Console.WriteLine(await wrongKey.InviaAsync(ChangeOf("84602", "https://shop.example/ordini/84602"), CancellationToken.None));

        var named = ChangeOf("84603", "https://shop.example/ordini/84603");
        named.IdCliente = "dario";
        named.Nome = "Dario";
        named.Cognome = "Neri";
        named.RagioneSociale = "Neri S.r.l.";
        Console.WriteLine(await orders.InviaAsync(named, CancellationToken.None));
        var names = await site.GetUserAsync("dario");
        Console.WriteLine(names.FirstName + " " + names.LastName + " " + names.CompanyName);
        var link = await PaginaProfilo.CollegaAsync(site, "CLI/007", "Ada", "Conti", "Ada S.r.l.", "it");
        Console.WriteLine(link.Url.Split('?')[0] + " " + link.Qr.StartsWith("<svg"));
        await PaginaProfilo.NonVuoleAsync(site, "CLI/007", true);
        Console.WriteLine(await PaginaProfilo.CollegatoAsync(site, "CLI/007"));
        Console.WriteLine(await PaginaProfilo.CollegatoAsync(site, "nessuno") == null);

        Console.WriteLine(await Assistenza.RimandaAsync(site, "anna"));
        Console.WriteLine(await Assistenza.RimandaAsync(site, "nessuno"));
        Console.WriteLine(await Assistenza.RiassuntoAsync(site));
    }

    private static CambioDiStato ChangeOf(string order, string address)
    {
        return new CambioDiStato
        {
            IdOrdine = order,
            Sigla = "OC " + order,
            Stato = "Evaso",
            NumeroDelCambio = 1,
            Quando = DateTimeOffset.Now,
            Totale = 1234.5m,
            NumeroArticoli = 2.5m,
            Indirizzo = address,
            IdCliente = "CLI/007",
            Nome = "Ada",
            Cognome = "Conti",
            RagioneSociale = "Ada S.r.l.",
            Lingua = "it",
            Gruppi = new[] { "Clienti" },
        };
    }

    private static int Main()
    {
        var api = Environment.GetEnvironmentVariable("TELEGRAM_API");
        Run(api, Environment.GetEnvironmentVariable("TELEGRAM_CHIAVE")).GetAwaiter().GetResult();
        return 0;
    }
}
