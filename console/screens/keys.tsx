/** The keys of a site: made, shown once, removed. */
import { useState } from 'preact/hooks';
import type { Keys, NewKey } from '../../clients/typescript/client.ts';
import { pathId } from '../../clients/typescript/connection.ts';
import { SITE_ID } from '../../lib/domain/site-id.ts';
import { siteRequest } from '../api/site.ts';
import { say } from '../i18n/language.ts';
import { linkTo, place } from '../router.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { useLoaded } from '../ui/load.ts';
import { Secret } from '../ui/secret.tsx';
import { Table } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { ChooseSite } from './choose-site.tsx';
import { NoSuchSite } from './no-such-site.tsx';

export default function KeysScreen() {
  const [, siteId] = place.value.path;
  if (siteId === undefined) return <ChooseSite screen="keys" title={say({ it: 'Chiavi', en: 'Keys' })} />;
  return SITE_ID.test(siteId) ? <KeysOf key={siteId} siteId={siteId} /> : <NoSuchSite siteId={siteId} />;
}

function KeysOf({ siteId }: { siteId: string }) {
  const { value, error, isLoading, reload } = useLoaded(
    async (signal) => (await siteRequest<Keys>(siteId, 'GET', '/keys', { signal })).value.keys,
    [siteId],
  );
  const [made, setMade] = useState<NewKey>();
  const [name, setName] = useState('');
  const making = useAction();
  const { announce } = useScreen();
  const [leaving, setLeaving] = useState<string>();

  const make = async () => {
    const body = name.trim() === '' ? {} : { name: name.trim() };
    setMade((await siteRequest<NewKey>(siteId, 'POST', '/keys', { body })).value);
    setName('');
    reload();
  };

  return (
    <div class="stack">
      <a class="back" href={linkTo(undefined, ['sites', siteId])}>{`← ${siteId}`}</a>
      <h1>{say({ it: `Chiavi di ${siteId}`, en: `Keys of ${siteId}` })}</h1>
      <p class="muted">
        {say({
          it: 'Con una chiave un programma parla a nome del sito. Due alla volta: così si cambia senza interruzioni.',
          en: 'With a key a program speaks for the site. Two at once: so they are changed without a gap.',
        })}
      </p>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {isLoading && !value && <Waiting />}
      {made && (
        <Secret
          title={say({ it: `La chiave nuova (${made.keyId})`, en: `The new key (${made.keyId})` })}
          secret={made.siteKey}
          onDone={() => setMade(undefined)}
        />
      )}
      {value && (
        <>
          <Table
            caption={say({ it: 'Chiavi', en: 'Keys' })}
            rows={value}
            keyOf={({ keyId }) => keyId}
            columns={[
              { name: say({ it: 'Codice', en: 'Id' }), cell: ({ keyId }) => <code>{keyId}</code> },
              { name: say({ it: 'Nome', en: 'Name' }), cell: (key) => <bdi>{key.name ?? '–'}</bdi> },
              {
                name: say({ it: 'Azioni', en: 'Actions' }),
                cell: ({ keyId }) =>
                  value.length === 1 ? (
                    <span class="muted small">
                      {say({
                        it: 'È l’unica: per toglierla, farne prima un’altra.',
                        en: 'It is the only one: to remove it, make another first.',
                      })}
                    </span>
                  ) : (
                    <Button
                      kind="plain"
                      label={say({ it: `Togli la chiave ${keyId}`, en: `Remove the key ${keyId}` })}
                      onClick={() => setLeaving(keyId)}
                    >
                      {say({ it: 'Togli', en: 'Remove' })}
                    </Button>
                  ),
              },
            ]}
          />
          {value.length < 2 && (
            <form
              class="card"
              onSubmit={(event) => {
                event.preventDefault();
                void making.run(make);
              }}
            >
              <h2>{say({ it: 'Una chiave nuova', en: 'A new key' })}</h2>
              <TextField
                label={say({ it: 'A che cosa serve (facoltativo)', en: 'What it is for (optional)' })}
                hint={say({
                  it: 'Per esempio il nome del programma che la usa.',
                  en: 'Such as the name of the program that uses it.',
                })}
                value={name}
                onInput={setName}
              />
              {making.error !== undefined && <Failure error={making.error} />}
              <div class="buttons">
                <Button type="submit" kind="primary" isBusy={making.isBusy}>
                  {say({ it: 'Crea la chiave', en: 'Make the key' })}
                </Button>
              </div>
            </form>
          )}
        </>
      )}
      {leaving !== undefined && (
        <Confirm
          title={say({ it: `Togliere la chiave ${leaving}?`, en: `Remove the key ${leaving}?` })}
          action={say({ it: 'Togli la chiave', en: 'Remove the key' })}
          onConfirm={async () => {
            await siteRequest(siteId, 'DELETE', `/keys/${pathId(leaving)}`);
            announce(say({ it: 'Chiave tolta.', en: 'The key was removed.' }));
            reload();
          }}
          onClose={() => setLeaving(undefined)}
        >
          <p>
            {say({
              it: 'I programmi che la usano non possono più entrare, e finiscono gli accessi alla console aperti con essa.',
              en: 'Programs that use it are let in no more, and sessions of the console that were opened with it end.',
            })}
          </p>
        </Confirm>
      )}
    </div>
  );
}
