using System;

/// <summary>Checks one signature with the code of docs/integrazione-passweb.md.</summary>
public static class Signature
{
    public static void Main()
    {
        Console.WriteLine(FirmaWebhook.EGiusta(Of("ID"), Of("TIME"), Of("SIGNATURES"), Of("BODY"), Of("SECRET")));
    }

    private static string Of(string name)
    {
        return Environment.GetEnvironmentVariable(name);
    }
}
