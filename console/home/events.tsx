/** Events that come in: what whoever connects the site has to know. */
import { say } from '../i18n/language.ts';
import { CopyButton } from '../ui/copy.tsx';
import { OutLink } from '../ui/link.tsx';

export function Events({ siteId }: { siteId: string }) {
  const address = `${location.origin}/v1/sites/${siteId}`;
  const docs = `${location.origin}/v1/docs`;
  const letter = say({
    it: `Per inviare gli avvisi Telegram del nostro negozio:

- indirizzo del negozio: ${address}
- gli eventi si segnalano con POST ${address}/events/…
- documentazione: ${docs}
- la chiave del negozio (comincia con pwtg_) ve la diamo a parte, a voce o con un mezzo sicuro.`,
    en: `To send the Telegram notifications of our shop:

- address of the shop: ${address}
- events are reported with POST ${address}/events/…
- documentation: ${docs}
- we give you the key of the shop (it begins with pwtg_) separately, in person or in a safe way.`,
  });
  return (
    <div class="stack">
      <p>
        {say({
          it: 'Ordini, carrelli, messaggi e documenti arrivano qui da Passweb. Se Passweb è già collegato non c’è nulla da fare: al primo evento questo passo risulta fatto. Altrimenti mandate queste righe a chi segue il sito.',
          en: 'Orders, carts, messages and documents come here from Passweb. If Passweb is connected already, there is nothing to do: with the first event this step is done. Otherwise send these lines to whoever looks after the site.',
        })}
      </p>
      <pre class="letter">{letter}</pre>
      <div class="buttons">
        <CopyButton
          text={letter}
          words={say({ it: 'Copia per il programmatore', en: 'Copy for the programmer' })}
        />
        <OutLink href={docs} isButton>
          {say({ it: 'Apri la documentazione', en: 'Open the documentation' })}
        </OutLink>
      </div>
    </div>
  );
}
