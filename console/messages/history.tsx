/** What a message was before, what each change has changed, and how to bring it back. */
import { useState } from 'preact/hooks';
import type { Actor } from '../../clients/typescript/client.ts';
import { say } from '../i18n/language.ts';
import { dateTime } from '../i18n/time.ts';
import { goTo, linkTo } from '../router.ts';
import { useAction } from '../ui/action.ts';
import { announce, useScreen } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { useLoaded } from '../ui/load.ts';
import { Waiting } from '../ui/waiting.tsx';
import { type Catalogue, readCatalogue, readVersions, restoreTemplate, type Version } from './api.ts';
import { type Difference, differencesOf, draftOf } from './draft.ts';
import { messagesWithDrafts } from './drafts.ts';
import { wordChanges } from './word-changes.ts';
import { partName, partWords } from './words.ts';

interface HistoryProps {
  siteId: string;
  templateId: string;
}

/** What is brought back. */
type Wanted = { version: number; at: string | undefined } | 'default';

export function History({ siteId, templateId }: HistoryProps) {
  const { value, error, reload } = useLoaded(
    async (signal) => {
      const [catalogue, versions] = await Promise.all([
        readCatalogue(),
        readVersions(siteId, templateId, signal),
      ]);
      return { catalogue, versions };
    },
    [siteId, templateId],
  );
  const [wanted, setWanted] = useState<Wanted>();
  const name = value?.versions[0]?.template.name;
  return (
    <>
      <a class="back" href={linkTo(siteId, ['messages', templateId])}>
        ← {say({ it: 'Torna al messaggio', en: 'Back to the message' })}
      </a>
      <h1 dir="auto">
        {say({ it: 'Cronologia', en: 'History' })}
        {name !== undefined && `: ${name}`}
      </h1>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!value && error === undefined && <Waiting />}
      {value && (
        <>
          <p class="muted">
            {say({
              it: 'Le ultime venti versioni, dalla più recente. Rimettere una versione non cancella le altre.',
              en: 'The last twenty versions, the newest first. Bringing one back deletes none of the others.',
            })}
          </p>
          <div>
            <Button onClick={() => setWanted('default')}>
              {say({ it: 'Rimetti il testo predefinito', en: 'Bring the default text back' })}
            </Button>
          </div>
          <ol class="versions">
            {value.versions.map((version, index) => (
              <VersionEntry
                key={version.version}
                version={version}
                before={value.versions[index + 1]}
                isPresent={index === 0}
                catalogue={value.catalogue}
                onRestore={() => setWanted({ version: version.version, at: version.at })}
              />
            ))}
          </ol>
        </>
      )}
      {wanted && (
        <RestoreDialog
          siteId={siteId}
          templateId={templateId}
          wanted={wanted}
          onClose={() => setWanted(undefined)}
        />
      )}
    </>
  );
}

interface VersionEntryProps {
  version: Version;
  before: Version | undefined;
  isPresent: boolean;
  catalogue: Catalogue;
  onRestore: () => void;
}

function VersionEntry({ version, before, isPresent, catalogue, onRestore }: VersionEntryProps) {
  const { at, by, template } = version;
  const when = at === undefined ? say({ it: 'All’inizio', en: 'In the beginning' }) : dateTime(at);
  const differences = before ? differencesOf(draftOf(before.template), draftOf(template)) : [];
  return (
    <li class="card version">
      <div class="version-head">
        <div>
          <h2>{when}</h2>
          {by && <p class="muted">{actorWords(by)}</p>}
        </div>
        {isPresent ? (
          <span class="tag good">{say({ it: 'Quella di adesso', en: 'The present one' })}</span>
        ) : (
          <Button
            label={say({ it: `Rimetti la versione: ${when}`, en: `Bring this version back: ${when}` })}
            onClick={onRestore}
          >
            {say({ it: 'Rimetti questa versione', en: 'Bring this version back' })}
          </Button>
        )}
      </div>
      {before && differences.length === 0 && (
        <p class="muted">
          {say({ it: 'Nessuna differenza da mostrare.', en: 'There is no difference to show.' })}
        </p>
      )}
      {differences.map((difference) => (
        <Changed key={difference.part} difference={difference} catalogue={catalogue} />
      ))}
      {(!before || !isPresent) && (
        <details>
          <summary>{say({ it: 'Il testo intero', en: 'The whole text' })}</summary>
          {Object.entries(template.text).map(([tag, text]) => (
            <div key={tag} class="whole-text">
              <h3>{partName(`text/${tag}`)}</h3>
              <p class="side-text" lang={tag} dir="auto">
                {text}
              </p>
            </div>
          ))}
        </details>
      )}
    </li>
  );
}

/** Removed and added words are elements of their own, which screen readers can tell apart. */
function Changed({
  difference: { part, one, other },
  catalogue,
}: {
  difference: Difference;
  catalogue: Catalogue;
}) {
  const changes = wordChanges(partWords(part, one, catalogue), partWords(part, other, catalogue));
  return (
    <div class="changed">
      <h3>{partName(part)}</h3>
      <p class="side-text" dir="auto">
        {changes.map(({ text, kind }, index) => {
          const key = `${index} ${kind}`;
          if (kind === 'same') return <span key={key}>{text}</span>;
          if (kind === 'removed') return <del key={key}>{text}</del>;
          return <ins key={key}>{text}</ins>;
        })}
      </p>
    </div>
  );
}

function actorWords({ caller, name, keyId, via }: Actor): string {
  if (caller === 'site') {
    const key = name ?? keyId;
    return key === undefined
      ? say({ it: 'Con una chiave del sito', en: 'With a key of the site' })
      : say({ it: `Con la chiave “${key}”`, en: `With the key “${key}”` });
  }
  // With a link that was made with the platform's key: mostly it is the merchant.
  if (caller === 'platform' && via !== undefined)
    return say({ it: 'Dalla console, entrando da Passweb', en: 'In the console, coming from Passweb' });
  return say({ it: 'Da chi gestisce il servizio', en: 'By whoever runs the service' });
}

interface RestoreDialogProps {
  siteId: string;
  templateId: string;
  wanted: Wanted;
  onClose: () => void;
}

function RestoreDialog({ siteId, templateId, wanted, onClose }: RestoreDialogProps) {
  const { isBusy, error: failure, run } = useAction();
  const screen = useScreen();
  const isDefault = wanted === 'default';
  const restore = () =>
    run(async () => {
      await restoreTemplate(siteId, templateId, isDefault ? { default: true } : { version: wanted.version });
      if (screen.isLeft()) return;
      goTo(linkTo(siteId, ['messages', templateId]));
      announce(say({ it: 'Fatto: il messaggio è tornato com’era.', en: 'Done: the message is as it was.' }));
    });
  return (
    <Dialog
      title={
        isDefault
          ? say({ it: 'Rimettere il testo predefinito?', en: 'Bring the default text back?' })
          : say({ it: 'Rimettere questa versione?', en: 'Bring this version back?' })
      }
      onClose={onClose}
    >
      <p>
        {isDefault
          ? say({
              it: 'I testi e i pulsanti tornano quelli che ha un sito nuovo. I vostri di adesso restano qui nella cronologia.',
              en: 'Texts and buttons become those that a new site has. Your present ones stay here in the history.',
            })
          : say({
              it: `Il messaggio torna com’era${wanted.at === undefined ? ' all’inizio' : ` il ${dateTime(wanted.at)}`}. Quello di adesso resta qui nella cronologia.`,
              en: `The message becomes what it was ${wanted.at === undefined ? 'in the beginning' : `on ${dateTime(wanted.at)}`}. The present one stays here in the history.`,
            })}
      </p>
      {messagesWithDrafts(siteId).has(templateId) && (
        <p>
          {say({
            it: 'Avete anche modifiche non salvate: restano, e poi potrete confrontarle.',
            en: 'You also have unsaved changes: they stay, and you can compare them afterwards.',
          })}
        </p>
      )}
      {failure !== undefined && <Failure error={failure} />}
      <div class="buttons">
        <Button kind="primary" isBusy={isBusy} onClick={() => void restore()}>
          {say({ it: 'Rimetti', en: 'Bring it back' })}
        </Button>
        <Button onClick={onClose}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
      </div>
    </Dialog>
  );
}
