/** All messages of a shop, by the event in which they are sent. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Template } from '../../clients/typescript/client.ts';
import { comparableStatus } from '../../lib/domain/templates.ts';
import { say } from '../i18n/language.ts';
import { linkTo } from '../router.ts';
import type { SiteScreenProps } from '../screens/props.ts';
import { useAction } from '../ui/action.ts';
import { announce, useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure, wordsOf } from '../ui/failure.tsx';
import { Check } from '../ui/field.tsx';
import { useLoaded } from '../ui/load.ts';
import { Waiting } from '../ui/waiting.tsx';
import {
  type Catalogue,
  type CatalogueKind,
  deleteTemplate,
  previewTemplate,
  readCatalogue,
  readTemplates,
  readVersions,
  restoreTemplate,
  switchTemplate,
} from './api.ts';
import { bodyOf, draftOf } from './draft.ts';
import { dropDraft, messagesWithDrafts, NEW, queryOfNew } from './drafts.ts';
import { whoWords } from './who-gets-it.tsx';
import { languageName } from './words.ts';

export function MessageList({ site, siteId }: SiteScreenProps) {
  const { value, error, reload } = useLoaded(
    async (signal) => {
      const [catalogue, { templates, beyondLimit = [] }] = await Promise.all([
        readCatalogue(),
        readTemplates(siteId, signal),
      ]);
      return { catalogue, templates, beyondLimit };
    },
    [siteId],
  );
  const drafts = messagesWithDrafts(siteId);
  return (
    <>
      <div class="messages-head">
        <h1>{say({ it: 'Messaggi', en: 'Messages' })}</h1>
        <a class="button primary" href={linkTo(siteId, ['messages', NEW])}>
          {say({ it: 'Nuovo messaggio', en: 'New message' })}
        </a>
      </div>
      <p class="muted">
        {say({
          it: 'Quello che il bot scrive, per ogni evento. I messaggi accesi partono da soli, a chi ha collegato Telegram.',
          en: 'What the bot writes, for each event. Messages that are on go out by themselves, to those who have linked Telegram.',
        })}
      </p>
      {[...drafts].map((message) => {
        const query = queryOfNew(message);
        return (
          query && (
            <NewDraft key={message} link={linkTo(siteId, ['messages', NEW], Object.fromEntries(query))} />
          )
        );
      })}
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!value && error === undefined && <Waiting />}
      {value && (
        <Kinds {...value} siteId={siteId} languages={site.languages} drafts={drafts} onChanged={reload} />
      )}
    </>
  );
}

function NewDraft({ link }: { link: string }) {
  return (
    <Banner>
      <p>
        {say({
          it: 'C’è un messaggio nuovo non ancora salvato.',
          en: 'There is a new message that is not saved yet.',
        })}
      </p>
      <div>
        <a class="button" href={link}>
          {say({ it: 'Continua a scriverlo', en: 'Go on writing it' })}
        </a>
      </div>
    </Banner>
  );
}

interface KindsProps {
  siteId: string;
  languages: readonly string[];
  catalogue: Catalogue;
  templates: Template[];
  beyondLimit: readonly string[];
  drafts: ReadonlySet<string>;
  onChanged: () => void;
}

function Kinds({ siteId, languages, catalogue, templates, beyondLimit, drafts, onChanged }: KindsProps) {
  const overlaps = useOverlaps(siteId, templates);
  const [deleting, setDeleting] = useState<Template>();
  const [deleted, setDeleted] = useState<Template>();
  return (
    <>
      {deleted && (
        <Deleted
          key={deleted.id}
          siteId={siteId}
          template={deleted}
          onRestored={() => {
            setDeleted(undefined);
            onChanged();
          }}
        />
      )}
      {catalogue.kinds.map((kind) => {
        const own = templates.filter(({ event }) => event === kind.kind);
        return (
          <section key={kind.kind} class="kind" aria-labelledby={`kind-${kind.kind}`}>
            <div class="kind-head">
              <div>
                <h2 id={`kind-${kind.kind}`}>{say(kind.name)}</h2>
                <p class="muted">{say(kind.description)}</p>
              </div>
              <a class="button plain" href={linkTo(siteId, ['messages', NEW], { event: kind.kind })}>
                <span aria-hidden="true">+</span> {say({ it: 'Aggiungi', en: 'Add' })}
                <span class="visually-hidden">: {say(kind.name)}</span>
              </a>
            </div>
            {own.length === 0 ? (
              <NoMessage siteId={siteId} kind={kind} onChanged={onChanged} />
            ) : (
              <ul class="message-list">
                {own.map((template) => (
                  <MessageRow
                    key={template.id}
                    siteId={siteId}
                    template={template}
                    languages={languages}
                    hasDraft={drafts.has(template.id)}
                    mayOverlap={mayOverlap(template, templates)}
                    overlaps={overlaps.get(template.id) ?? []}
                    isBeyondLimit={beyondLimit.includes(template.id)}
                    onDelete={() => setDeleting(template)}
                    onChanged={onChanged}
                  />
                ))}
              </ul>
            )}
          </section>
        );
      })}
      {deleting && (
        <DeleteDialog
          siteId={siteId}
          template={deleting}
          onClose={() => setDeleting(undefined)}
          onDeleted={() => {
            setDeleted(deleting);
            setDeleting(undefined);
            onChanged();
          }}
        />
      )}
    </>
  );
}

interface MessageRowProps {
  siteId: string;
  template: Template;
  languages: readonly string[];
  hasDraft: boolean;
  /** Until it is known, and where another one is switched on, the place for what is said of it is kept. */
  mayOverlap: boolean;
  overlaps: readonly string[];
  isBeyondLimit: boolean;
  onDelete: () => void;
  onChanged: () => void;
}

function MessageRow(props: MessageRowProps) {
  const { siteId, template, languages, hasDraft, mayOverlap: isKept, overlaps } = props;
  const { isBeyondLimit, onDelete, onChanged } = props;
  const { id, name } = template;
  const [isOn, setIsOn] = useState(template.enabled);
  const [failure, setFailure] = useState<string>();
  const missing = languages.filter((tag) => !template.text[tag]);
  useEffect(() => setIsOn(template.enabled), [template]);

  const turn = async (enabled: boolean) => {
    setIsOn(enabled);
    setFailure(undefined);
    try {
      await switchTemplate(siteId, id, enabled);
      announce(
        enabled
          ? say({ it: `“${name}” è acceso.`, en: `“${name}” is on.` })
          : say({ it: `“${name}” è spento.`, en: `“${name}” is off.` }),
      );
      onChanged();
    } catch (error) {
      setIsOn(!enabled);
      setFailure(
        `${
          enabled
            ? say({ it: 'Non è stato acceso.', en: 'It was not switched on.' })
            : say({ it: 'Non è stato spento.', en: 'It was not switched off.' })
        } ${wordsOf(error)}`,
      );
    }
  };

  return (
    <li class={`message-row ${isOn ? '' : 'off'}`}>
      <div class="message-switch">
        <Check
          isSwitch
          checked={isOn}
          label={
            <>
              <span aria-hidden="true">
                {isOn ? say({ it: 'Acceso', en: 'On' }) : say({ it: 'Spento', en: 'Off' })}
              </span>
              <span class="visually-hidden">{name}</span>
            </>
          }
          onChange={(enabled) => void turn(enabled)}
        />
      </div>
      <div class="message-words">
        <h3 class="message-name">
          <a href={linkTo(siteId, ['messages', id])} dir="auto">
            {name}
          </a>
        </h3>
        <p class="muted" dir="auto">
          {whoWords(draftOf(template)).join(' · ')}
        </p>
        <div class="message-tags">
          {hasDraft && (
            <span class="tag warning">{say({ it: 'Modifiche non salvate', en: 'Unsaved changes' })}</span>
          )}
          {missing.map((tag) => (
            <span key={tag} class="tag warning">
              {say({ it: `Manca: ${languageName(tag)}`, en: `Missing: ${languageName(tag)}` })}
            </span>
          ))}
          {isBeyondLimit && (
            <Why words={say({ it: 'Non parte per tutti', en: 'Not sent to everybody' })}>
              <p>
                {say({
                  it: 'Ci sono più di dieci messaggi accesi per lo stesso evento: questo parte solo per chi ne riceve meno di dieci. Spegnerne qualcuno.',
                  en: 'More than ten messages of the same event are on: this one is only sent to those who get fewer than ten. Switch some of them off.',
                })}
              </p>
            </Why>
          )}
          {isKept && (
            <Why
              isHidden={overlaps.length === 0}
              words={say({ it: 'Parte insieme a un altro', en: 'Sent together with another' })}
            >
              {overlaps.map((words) => (
                <p key={words} dir="auto">
                  {words}
                </p>
              ))}
            </Why>
          )}
        </div>
        {failure !== undefined && (
          <p class="note bad" role="alert">
            {failure}
          </p>
        )}
      </div>
      <div class="message-actions">
        <a class="button plain" href={linkTo(siteId, ['messages', NEW], { from: id })}>
          {say({ it: 'Duplica', en: 'Duplicate' })}
          <span class="visually-hidden"> {name}</span>
        </a>
        <a class="button plain" href={linkTo(siteId, ['messages', id, 'history'])}>
          {say({ it: 'Cronologia', en: 'History' })}
          <span class="visually-hidden"> {name}</span>
        </a>
        <Button kind="plain" onClick={onDelete}>
          {say({ it: 'Elimina', en: 'Delete' })}
          <span class="visually-hidden"> {name}</span>
        </Button>
      </div>
    </li>
  );
}

interface WhyProps {
  words: string;
  /** There is nothing to say, or not yet: its place is kept, so that no row moves under the pointer. */
  isHidden?: boolean;
  children: ComponentChildren;
}

/** A warning in a few words; the reason unfolds. */
function Why({ words, isHidden = false, children }: WhyProps) {
  return (
    <details class={`why ${isHidden ? 'kept-place' : ''}`}>
      <summary class="tag warning">{words}</summary>
      <div class="note warning">{children}</div>
    </details>
  );
}

interface NoMessageProps {
  siteId: string;
  kind: CatalogueKind;
  onChanged: () => void;
}

function NoMessage({ siteId, kind, onChanged }: NoMessageProps) {
  const { announce } = useScreen();
  const { isBusy, error: failure, run } = useAction();
  const restore = () =>
    run(async () => {
      await restoreTemplate(siteId, `default-${kind.kind}`, { default: true });
      announce(say({ it: 'Il messaggio predefinito è tornato.', en: 'The default message is back.' }));
      onChanged();
    });
  return (
    <div class="no-message">
      <p class="muted">
        {say({
          it: 'Nessun messaggio: per questo evento non parte nulla.',
          en: 'No message: nothing is sent for this event.',
        })}
      </p>
      <Button isBusy={isBusy} onClick={() => void restore()}>
        {say({ it: 'Rimetti il messaggio predefinito', en: 'Bring the default message back' })}
        <span class="visually-hidden">: {say(kind.name)}</span>
      </Button>
      {failure !== undefined && <Failure error={failure} />}
    </div>
  );
}

interface DeleteDialogProps {
  siteId: string;
  template: Template;
  onClose: () => void;
  onDeleted: () => void;
}

function DeleteDialog({ siteId, template: { id, name }, onClose, onDeleted }: DeleteDialogProps) {
  const { isBusy, error: failure, run } = useAction();
  const remove = () =>
    run(async () => {
      await deleteTemplate(siteId, id);
      dropDraft(siteId, id);
      announce(say({ it: `“${name}” è stato eliminato.`, en: `“${name}” was deleted.` }));
      onDeleted();
    });
  return (
    <Dialog title={say({ it: 'Eliminare il messaggio?', en: 'Delete the message?' })} onClose={onClose}>
      <p dir="auto">
        {say({
          it: `“${name}” non parte più, e il suo testo sparisce dall’elenco in tutte le lingue.`,
          en: `“${name}” is not sent any more, and its text disappears from the list in all languages.`,
        })}
      </p>
      <p class="muted">
        {say({
          it: 'Per non inviarlo soltanto per un po’, basta spegnerlo.',
          en: 'To stop it only for a while, switch it off.',
        })}
      </p>
      {failure !== undefined && <Failure error={failure} />}
      <div class="buttons">
        <Button kind="danger" isBusy={isBusy} onClick={() => void remove()}>
          {say({ it: 'Elimina', en: 'Delete' })}
        </Button>
        <Button onClick={onClose}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
      </div>
    </Dialog>
  );
}

interface DeletedProps {
  siteId: string;
  template: Template;
  onRestored: () => void;
}

function Deleted({ siteId, template: { id, name }, onRestored }: DeletedProps) {
  const { isBusy, error: failure, run } = useAction();
  const restore = () =>
    run(async () => {
      const [last] = await readVersions(siteId, id);
      if (last) await restoreTemplate(siteId, id, { version: last.version });
      announce(say({ it: `“${name}” è tornato.`, en: `“${name}” is back.` }));
      onRestored();
    });
  return (
    <Banner kind="good">
      <p dir="auto">{say({ it: `“${name}” è stato eliminato.`, en: `“${name}” was deleted.` })}</p>
      <div>
        <Button isBusy={isBusy} onClick={() => void restore()}>
          {say({ it: 'Rimettilo', en: 'Bring it back' })}
        </Button>
      </div>
      {failure !== undefined && <Failure error={failure} />}
    </Banner>
  );
}

/** What the API says of messages that the same people get for the same event, by the id of each. */
function useOverlaps(siteId: string, templates: readonly Template[]): ReadonlyMap<string, string[]> {
  const [found, setFound] = useState<ReadonlyMap<string, string[]>>(new Map());
  useEffect(() => {
    let isOpen = true;
    const ask = async () => {
      const words = new Map<string, string[]>();
      const switchedOn = templates.filter(({ enabled }) => enabled);
      for (const template of switchedOn.filter((each) => mayOverlap(each, switchedOn))) {
        const { name: _, ...body } = bodyOf(draftOf(template));
        const { warnings = [] } = await previewTemplate(siteId, { ...body, id: template.id });
        if (!isOpen) return;
        words.set(
          template.id,
          warnings.filter(({ code }) => code === 'overlaps-another').map(({ detail }) => detail),
        );
      }
      setFound(words);
    };
    // A text of a former release may have errors: then there is nothing to say about it here.
    ask().catch(() => {});
    return () => {
      isOpen = false;
    };
  }, [siteId, templates]);
  return found;
}

/** Whether it is worth asking: another one has the event, and a status, in common. */
function mayOverlap(template: Template, templates: readonly Template[]): boolean {
  const statuses = new Set((template.statuses ?? []).map(comparableStatus));
  return templates.some(
    (other) =>
      other.id !== template.id &&
      other.event === template.event &&
      (template.event !== 'order-status' ||
        (other.statuses ?? []).some((status) => statuses.has(comparableStatus(status)))),
  );
}
