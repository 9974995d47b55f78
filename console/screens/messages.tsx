/** Messages: the list, a message while it is written, and what it was before. */

import type { Template } from '../../clients/typescript/client.ts';
import type { Answer } from '../api/request.ts';
import { Problem } from '../api/request.ts';
import { language, say } from '../i18n/language.ts';
import { type Catalogue, readCatalogue, readTemplate, readTemplates, readVersions } from '../messages/api.ts';
import { type Draft, draftOf, NOTHING_NEWER } from '../messages/draft.ts';
import { draftOfOthers, NEW, ownDraft } from '../messages/drafts.ts';
import { Editor } from '../messages/editor.tsx';
import { History } from '../messages/history.tsx';
import { MessageList } from '../messages/list.tsx';
import { kindOf } from '../messages/words.ts';
import { linkTo, place } from '../router.ts';
import { tabIsKnown } from '../tab.ts';
import { Banner } from '../ui/banner.tsx';
import { Failure } from '../ui/failure.tsx';
import { useLoaded } from '../ui/load.ts';
import { Waiting } from '../ui/waiting.tsx';
import type { SiteScreenProps } from './props.ts';

export default function Messages(props: SiteScreenProps) {
  const { path, query } = place.value;
  const [, message, part] = path;
  if (message === undefined) return <MessageList {...props} />;
  if (part === 'history') return <History siteId={props.siteId} templateId={message} />;
  // Another message is another editor: nothing of the one before may stay in it.
  return <EditorScreen key={`${message} ${query}`} {...props} message={message} query={query} />;
}

interface EditorScreenProps extends SiteScreenProps {
  message: string;
  query: URLSearchParams;
}

function EditorScreen({ site, siteId, message, query }: EditorScreenProps) {
  const templateId = message === NEW ? undefined : message;
  const { value, error, reload } = useLoaded(
    async (signal) => {
      const [catalogue, { templates }, saved] = await Promise.all([
        readCatalogue(),
        readTemplates(siteId, signal),
        templateId === undefined ? undefined : readIfThere(siteId, templateId, signal),
        tabIsKnown,
      ]);
      const wasThere = templateId !== undefined && !saved && (await hasHistory(siteId, templateId, signal));
      return { catalogue, templates, saved, wasThere };
    },
    [siteId, templateId],
  );
  const name = value?.saved?.value.name;
  return (
    <>
      <a class="back" href={linkTo(siteId, ['messages'])}>
        ← {say({ it: 'Tutti i messaggi', en: 'All messages' })}
      </a>
      <div class="messages-head">
        <h1 dir="auto">
          {templateId === undefined
            ? say({ it: 'Nuovo messaggio', en: 'New message' })
            : (name ?? say({ it: 'Messaggio', en: 'Message' }))}
        </h1>
        {templateId !== undefined && (
          <a class="button plain" href={linkTo(siteId, ['messages', templateId, 'history'])}>
            {say({ it: 'Cronologia', en: 'History' })}
          </a>
        )}
      </div>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {!value && error === undefined && <Waiting />}
      {value && <Opened {...value} site={site} siteId={siteId} templateId={templateId} query={query} />}
    </>
  );
}

function readIfThere(
  siteId: string,
  templateId: string,
  signal: AbortSignal,
): Promise<Answer<Template> | undefined> {
  return readTemplate(siteId, templateId, signal).catch(noneIfUnknown);
}

async function hasHistory(siteId: string, templateId: string, signal: AbortSignal): Promise<boolean> {
  return (await readVersions(siteId, templateId, signal).catch(noneIfUnknown)) !== undefined;
}

function noneIfUnknown(error: unknown): undefined {
  if (error instanceof Problem && error.status === 404) return undefined;
  throw error;
}

interface OpenedProps extends Pick<SiteScreenProps, 'site' | 'siteId'> {
  templateId: string | undefined;
  catalogue: Catalogue;
  templates: readonly Template[];
  saved: Answer<Template> | undefined;
  /** Where it is not saved: whether it was before. */
  wasThere: boolean;
  query: URLSearchParams;
}

function Opened({ templateId, saved, wasThere, query, ...props }: OpenedProps) {
  const { siteId, catalogue, templates } = props;
  if (templateId !== undefined && !saved) {
    const kept = ownDraft(siteId, templateId) ?? draftOfOthers(siteId, templateId);
    if (!kept) return wasThere ? <Gone siteId={siteId} templateId={templateId} /> : <NeverThere />;
    return <Editor {...props} templateId={templateId} saved={undefined} query={query} start={kept.draft} />;
  }
  return (
    <Editor
      {...props}
      templateId={templateId}
      saved={saved}
      query={query}
      start={startOf(query, catalogue, templates)}
    />
  );
}

/** A new message begins as the copy of another one, or with the event that was chosen. */
function startOf(query: URLSearchParams, catalogue: Catalogue, templates: readonly Template[]): Draft {
  const copied = templates.find(({ id }) => id === query.get('from'));
  if (copied) {
    const draft = draftOf(copied);
    // Both would be sent to the same people: the copy waits until it is switched on.
    return { ...draft, name: `${draft.name} (${say({ it: 'copia', en: 'copy' })})`, enabled: false };
  }
  const kind = catalogue.kinds.find((each) => each.kind === query.get('event')) ?? catalogue.kinds[0];
  const event = kind?.kind ?? 'order-status';
  return {
    name: kindOf(catalogue, event)?.name[language.value] ?? '',
    event,
    enabled: true,
    statuses: [],
    groups: [],
    audience: 'everybody',
    text: {},
    button: {},
    ...NOTHING_NEWER,
  };
}

function Gone({ siteId, templateId }: { siteId: string; templateId: string }) {
  return (
    <Banner kind="warning">
      <p>
        {say({
          it: 'Questo messaggio è stato eliminato. La sua cronologia resta per un anno: da lì si può rimettere.',
          en: 'This message was deleted. Its history stays for a year: it can be brought back from there.',
        })}
      </p>
      <div>
        <a class="button" href={linkTo(siteId, ['messages', templateId, 'history'])}>
          {say({ it: 'Apri la cronologia', en: 'Open the history' })}
        </a>
      </div>
    </Banner>
  );
}

function NeverThere() {
  return (
    <Banner kind="warning">
      <p>
        {say({
          it: 'Questo messaggio non c’è: l’indirizzo non è giusto, o il messaggio è stato eliminato più di un anno fa.',
          en: 'There is no such message: the address is wrong, or the message was deleted more than a year ago.',
        })}
      </p>
    </Banner>
  );
}
