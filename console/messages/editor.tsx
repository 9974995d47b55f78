/** A message while it is written: who gets it, its texts, and the phone that shows them. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Site, Template } from '../../clients/typescript/client.ts';
import { type Answer, Problem } from '../api/request.ts';
import { count, say } from '../i18n/language.ts';
import { dateTime } from '../i18n/time.ts';
import { goTo, linkTo } from '../router.ts';
import { useSignedInAgain } from '../ui/action.ts';
import { announce, useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure } from '../ui/failure.tsx';
import { Field } from '../ui/field.tsx';
import { type Catalogue, createTemplate, readTemplate, replaceTemplate } from './api.ts';
import { Conflict } from './conflict.tsx';
import { bodyOf, type Draft, draftOf, isLocalized, isSameDraft, LOCALIZED, type Localized } from './draft.ts';
import {
  draftOfOthers,
  dropDraft,
  dropOffered,
  keepDraft,
  newMessage,
  type OfferedDraft,
  ownDraft,
  type Resolution,
  type StoredDraft,
} from './drafts.ts';
import { LanguageTabs } from './language-tabs.tsx';
import { MoreButtons } from './more-buttons.tsx';
import { type Place, placeOf } from './places.ts';
import { PreviewPanel } from './preview-panel.tsx';
import type { SampleName } from './samples.ts';
import { TestDialog } from './test-dialog.tsx';
import { TextBox, type TextBoxHandle } from './text-box.tsx';
import { useCheck, usePreview } from './use-preview.ts';
import { WhoGetsIt, whoWords } from './who-gets-it.tsx';
import { kindOf, languageName } from './words.ts';

export interface EditorProps {
  site: Site;
  siteId: string;
  catalogue: Catalogue;
  templates: readonly Template[];
  /** Absent: a new one, which has no id yet. */
  templateId: string | undefined;
  /** As it is saved; absent: it is new, or was deleted. */
  saved: Answer<Template> | undefined;
  /** Of a new one: what was asked for. */
  query: URLSearchParams;
  /** What a new one begins with. */
  start: Draft;
}

/** What the editor compares with: as it was when its author began. */
interface Base {
  draft: Draft;
  etag: string | undefined;
}

export function Editor(props: EditorProps) {
  const { site, siteId, catalogue, templates, templateId, saved, query } = props;
  const message = templateId ?? newMessage(query);
  const first = useMemo(() => beginning(props, message), []);
  const [draft, setDraft] = useState(first.draft);
  const [base, setBase] = useState<Base>(first.base);
  const [restoredAt, setRestoredAt] = useState(first.restoredAt);
  const [offered, setOffered] = useState(first.offered);
  const [isGone, setIsGone] = useState(templateId !== undefined && !saved);
  const [theirs, setTheirs] = useState(first.theirs);
  const [isComparing, setIsComparing] = useState(false);
  /** What another tab has typed, while it is compared with this one. */
  const [rival, setRival] = useState<OfferedDraft>();
  const [resolution, setResolution] = useState(first.resolution);
  const [newId, setNewId] = useState(first.newId);
  /** What was sent without an answer: any of it may be what is stored. */
  const [unanswered, setUnanswered] = useState(first.unanswered);
  const [isSaving, setIsSaving] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  useSignedInAgain(failure, () => setFailure(undefined));
  const [refused, setRefused] = useState<{ places: Place[]; of: Draft }>();
  const [dialog, setDialog] = useState<'test' | 'discard'>();
  const [sample, setSample] = useState<SampleName>('usual');
  const languages = useMemo(
    () => [...new Set([...site.languages, ...LOCALIZED.flatMap((field) => Object.keys(draft[field]))])],
    [site.languages, ...LOCALIZED.map((field) => draft[field])],
  );
  const [chosenTag, setTag] = useState(site.defaultLanguage);
  const tag = languages.includes(chosenTag) ? chosenTag : (languages[0] ?? site.defaultLanguage);
  const [isWhoOpen, setIsWhoOpen] = useState(templateId === undefined);
  const { isLeft } = useScreen();
  const form = useRef<HTMLFormElement>(null);
  const boxes = useRef<Record<string, TextBoxHandle | null>>({});

  const latest = useRef(draft);
  latest.current = draft;

  const isChanged = !isSameDraft(draft, base.draft);
  const kept = useMemo(
    (): Omit<StoredDraft, 'at'> => ({
      draft,
      ...(templateId === undefined
        ? { id: newId }
        : { base: base.draft, ...(base.etag !== undefined && { etag: base.etag }) }),
      ...(unanswered.length > 0 && { sent: unanswered }),
      ...(resolution && { resolution }),
    }),
    [templateId, newId, draft, base, unanswered, resolution],
  );
  const isKept = useKept(siteId, message, kept, isChanged || isGone || unanswered.length > 0);
  useLeavingGuard(isChanged && !isKept);

  const preview = usePreview(siteId, draft, tag, sample);
  const check = useCheck(siteId, templateId, draft);
  const errors = uniquePlaces([...check.errors.map(placeOf), ...stillRefused(refused, draft)]);
  const warnings = check.warnings.map(placeOf);
  const isEmpty = Object.values(draft.text).every((text) => text === '');
  useSpokenCheck(errors.length, warnings.length, isEmpty);

  const change = (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed }));
  const write = (field: Localized, language: string, text: string) =>
    setDraft((before) => ({ ...before, [field]: { ...before[field], [language]: text } }));

  const showFirst = (places: readonly Place[]) => {
    const [place] = places;
    if (!place) return;
    if (place.language !== undefined) setTag(place.language);
    else if (!isOfButtons(place)) setIsWhoOpen(true);
    const name = place.language === undefined ? place.field : `${place.field}/${place.language}`;
    // After the tab, or what was folded, is drawn.
    setTimeout(() => {
      const box = place.field === 'text' && place.language !== undefined && boxes.current[place.language];
      if (box) box.show(place);
      else focusOn(form.current, name);
    });
  };

  const onSaved = ({ value, etag }: Answer<Template>, sent: Draft) => {
    const now = draftOf(value);
    setBase({ draft: now, etag });
    // What was typed while it was being saved stays.
    setDraft((typed) => (isSameDraft(typed, sent) ? now : typed));
    setIsGone(false);
    setTheirs(undefined);
    setUnanswered([]);
    setResolution(undefined);
    setRestoredAt(undefined);
    setRefused(undefined);
    dropDraft(siteId, message);
    const wasLeft = isLeft();
    if (templateId === undefined && !isSameDraft(latest.current, sent)) {
      const at = new Date().toISOString();
      keepDraft(siteId, value.id, {
        draft: latest.current,
        base: now,
        at,
        ...(etag !== undefined && { etag }),
      });
    }
    if (templateId === undefined && !wasLeft) goTo(linkTo(siteId, ['messages', value.id]), { replace: true });
    announce(
      wasLeft
        ? say({ it: `“${value.name}” è salvato.`, en: `“${value.name}” is saved.` })
        : say({ it: 'Messaggio salvato.', en: 'The message is saved.' }),
    );
  };

  const id = templateId ?? newId;

  const save = async () => {
    if (isSaving) return;
    setIsSaving(true);
    setFailure(undefined);
    const sent = draft;
    const before = unanswered;
    try {
      if (theirs) {
        await compare(id, sent, before);
        return;
      }
      setUnanswered([...before, sent]);
      if (templateId === undefined || isGone)
        onSaved(await createTemplate(siteId, { ...bodyOf(sent), id }), sent);
      else onSaved(await replaceTemplate(siteId, id, bodyOf(sent), base.etag), sent);
    } catch (error) {
      await onRefused(error, sent, before);
    } finally {
      setIsSaving(false);
    }
  };

  /** @param before what was sent earlier without an answer. */
  const onRefused = async (error: unknown, sent: Draft, before: Draft[]): Promise<void> => {
    if (error instanceof Problem && error.status < 500) setUnanswered(before);
    if (error instanceof Problem && (error.status === 412 || error.code === 'template-id-taken'))
      return compare(id, sent, before);
    if (error instanceof Problem && error.status === 404 && templateId !== undefined) {
      setIsGone(true);
      return;
    }
    const places = error instanceof Problem ? error.errors.map(placeOf) : [];
    if (places.length === 0) {
      setFailure(error);
      return;
    }
    setRefused({ places, of: sent });
    showFirst(places);
    const many = count(places.length, { it: 'punto', en: 'place' }, { it: 'punti', en: 'places' });
    announce(
      isLeft()
        ? say({
            it: `“${sent.name}” non è salvato: ${many} da correggere.`,
            en: `“${sent.name}” is not saved: ${many} to correct.`,
          })
        : say({ it: `Non salvato: ${many} da correggere.`, en: `Not saved: ${many} to correct.` }),
    );
  };

  /** With what is stored: where that is what was sent, only the answer was lost, and nobody has to choose. */
  const compare = async (stored: string, sent: Draft, before: Draft[]) => {
    try {
      const answer = await readTemplate(siteId, stored);
      const present: Base = { draft: draftOf(answer.value), etag: answer.etag };
      if (isSameDraft(present.draft, sent)) return onSaved(answer, sent);
      if (before.some((each) => isSameDraft(each, present.draft))) {
        onSaved(await replaceTemplate(siteId, stored, bodyOf(sent), answer.etag), sent);
        return;
      }
      if (templateId === undefined) {
        // It is there by now, and somebody has changed it: what is typed goes on as a change of it, to be compared there.
        const at = new Date().toISOString();
        keepDraft(siteId, stored, { draft: latest.current, base: base.draft, at });
        dropDraft(siteId, message);
        if (!isLeft()) goTo(linkTo(siteId, ['messages', stored]), { replace: true });
        return;
      }
      setIsGone(false);
      setTheirs(present);
      setIsComparing(true);
    } catch (error) {
      if (error instanceof Problem && error.status === 404 && templateId !== undefined) {
        setTheirs(undefined);
        setIsGone(true);
      } else if (error instanceof Problem && error.errors.length > 0) await onRefused(error, sent, before);
      else setFailure(error);
    }
  };

  const resolve = (merged: Draft) => {
    if (!theirs) return;
    setBase(theirs);
    setDraft(merged);
    setTheirs(undefined);
    setIsComparing(false);
    setResolution(undefined);
    setRestoredAt(undefined);
    announce(say({ it: 'Scelte applicate: ora si può salvare.', en: 'Your choices are made: now save.' }));
    setTimeout(() => focusOn(form.current, `text/${tag}`));
  };

  const discard = () => {
    const present = theirs ?? base;
    setBase(present);
    setDraft(present.draft);
    setTheirs(undefined);
    setUnanswered([]);
    setResolution(undefined);
    setRestoredAt(undefined);
    setRefused(undefined);
    setFailure(undefined);
    setDialog(undefined);
    dropDraft(siteId, message);
    if (isGone || templateId === undefined) goTo(linkTo(siteId, ['messages']));
    announce(say({ it: 'Modifiche scartate.', en: 'Changes discarded.' }));
  };

  /** No more than that one: another tab may have left another text. */
  const leave = (left: OfferedDraft, now: Draft) => {
    dropOffered(left);
    setOffered(draftOfOthers(siteId, message, now));
  };

  const takeOver = (stored: OfferedDraft) => {
    if (isChanged && !isSameDraft(draft, stored.draft)) {
      setRival(stored);
      return;
    }
    if (stored.base) setBase({ draft: stored.base, etag: stored.etag });
    if (stored.resolution) setResolution(stored.resolution);
    take(stored, stored.draft);
    announce(say({ it: 'Testo ripreso.', en: 'The text is back.' }));
  };

  const take = (stored: OfferedDraft, now: Draft) => {
    setDraft(now);
    // It may have been sent already, under its own id.
    if (stored.id !== undefined && unanswered.length === 0) setNewId(stored.id);
    setUnanswered([...unanswered, ...(stored.sent ?? [])]);
    leave(stored, now);
  };

  /** What was chosen so far; against another version it has to be chosen again, but what was written stays. */
  const resolutionAgainst = (against: string): Resolution =>
    resolution?.against === against ? resolution : { against, choices: {}, merged: resolution?.merged ?? {} };

  const isOutdated = theirs !== undefined;
  if (rival)
    return (
      <Conflict
        isUnsaved
        base={rival.etag === base.etag ? base.draft : undefined}
        mine={draft}
        theirs={rival.draft}
        catalogue={catalogue}
        resolution={resolutionAgainst(`${rival.name} ${rival.at}`)}
        onChoosing={setResolution}
        onResolved={(merged) => {
          take(rival, merged);
          setRival(undefined);
          setResolution(undefined);
          announce(
            say({ it: 'Scelte applicate: ora si può salvare.', en: 'Your choices are made: now save.' }),
          );
          setTimeout(() => focusOn(form.current, `text/${tag}`));
        }}
        onClose={() => setRival(undefined)}
      />
    );
  if (isComparing && theirs)
    return (
      <Conflict
        isUnsaved={false}
        base={base.draft}
        mine={draft}
        theirs={theirs.draft}
        catalogue={catalogue}
        resolution={resolutionAgainst(theirs.etag ?? '')}
        onChoosing={setResolution}
        onResolved={resolve}
        onClose={() => setIsComparing(false)}
      />
    );

  const kind = kindOf(catalogue, draft.event);
  const placeholders = catalogue.placeholders.filter(({ key }) => kind?.placeholders.includes(key));
  const placesIn = (places: readonly Place[], field: string, language: string) =>
    places.filter((place) => place.field === field && place.language === language);
  const general = [...errors, ...warnings].filter(
    ({ field, language }) =>
      ![
        'name',
        'event',
        'statuses',
        'audience',
        'groups',
        'digestMinutes',
        'secondButtonUrl',
        'step',
        'couponCode',
      ].includes(field) && language === undefined,
  );
  const overlaps = warnings.filter(({ field }) => field === 'groups');

  return (
    <form
      ref={form}
      class="message-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
        event.preventDefault();
        void save();
      }}
    >
      <div class="stack notices">
        {offered && (
          <Banner kind="warning">
            <p>
              {say({
                it: `C’è un testo non salvato del ${dateTime(offered.at)}, scritto in un’altra scheda di questo browser.`,
                en: `There is an unsaved text of ${dateTime(offered.at)}, written in another tab of this browser.`,
              })}
            </p>
            <div class="buttons">
              <Button onClick={() => takeOver(offered)}>
                {say({ it: 'Riprendi quel testo', en: 'Go on with that text' })}
              </Button>
              <Button kind="plain" onClick={() => leave(offered, draft)}>
                {say({ it: 'Non serve più', en: 'Not needed any more' })}
              </Button>
            </div>
          </Banner>
        )}
        {restoredAt !== undefined && isChanged && (
          <Banner>
            <p>
              {say({
                it: `Riprese le modifiche non salvate del ${dateTime(restoredAt)}.`,
                en: `Your unsaved changes of ${dateTime(restoredAt)} are back.`,
              })}
            </p>
          </Banner>
        )}
        {isOutdated && (
          <Banner kind="warning">
            <p>
              {say({
                it: 'Nel frattempo il messaggio è stato salvato da un’altra parte. Il vostro testo è qui sotto.',
                en: 'Meanwhile the message was saved elsewhere. Your text is below.',
              })}
            </p>
            <div>
              <Button onClick={() => setIsComparing(true)}>
                {say({ it: 'Confronta le due versioni', en: 'Compare both versions' })}
              </Button>
            </div>
          </Banner>
        )}
        {isGone && (
          <Banner kind="warning" isAlert>
            <p>
              {say({
                it: 'Nel frattempo questo messaggio è stato eliminato. Il vostro testo è ancora qui: salvandolo, il messaggio torna.',
                en: 'Meanwhile this message was deleted. Your text is still here: saving it brings the message back.',
              })}
            </p>
          </Banner>
        )}
        {failure !== undefined && <Failure error={failure} />}
      </div>
      <div class="editor-columns">
        <div class="stack">
          <details
            class="card who"
            open={isWhoOpen || errors.some((place) => place.language === undefined && !isOfButtons(place))}
            onToggle={(event) => setIsWhoOpen(event.currentTarget.open)}
          >
            <summary class="who-line">
              <h2>{say({ it: 'Quando e a chi', en: 'When and to whom' })}</h2>
              <span class="muted" dir="auto">
                {[kind ? say(kind.name) : draft.event, ...whoWords(draft)].join(' · ')}
              </span>
            </summary>
            <WhoGetsIt
              draft={draft}
              site={site}
              catalogue={catalogue}
              templates={templates}
              places={errors}
              onChange={change}
            />
          </details>
          <section class="card" aria-labelledby="texts-title">
            <h2 id="texts-title">{say({ it: 'Testo', en: 'Text' })}</h2>
            <LanguageTabs
              languages={languages.map((each) => ({
                tag: each,
                errors: errors.filter(({ language }) => language === each).length,
                isMissing: (draft.text[each] ?? '') === '' && site.languages.includes(each),
              }))}
              shown={tag}
              onShow={setTag}
            >
              {(each) => (
                <div class="stack">
                  {(draft.text[each] ?? '') === '' && (
                    <StartFrom tag={each} draft={draft} onStart={(text) => write('text', each, text)} />
                  )}
                  <TextBox
                    tag={each}
                    label={say({
                      it: `Messaggio in ${inSentence(each)}`,
                      en: `Message in ${languageName(each)}`,
                    })}
                    value={draft.text[each] ?? ''}
                    placeholders={placeholders}
                    errors={placesIn(errors, 'text', each)}
                    warnings={placesIn(warnings, 'text', each)}
                    length={each === tag && draft.text[each] ? preview.preview : undefined}
                    handle={(handle) => {
                      boxes.current[each] = handle;
                    }}
                    onInput={(text) => write('text', each, text)}
                  />
                  {kind?.hasButton && (
                    <ButtonField
                      tag={each}
                      site={site}
                      draft={draft}
                      shown={each === tag ? preview.preview?.button?.text : undefined}
                      places={[...placesIn(errors, 'button', each), ...placesIn(warnings, 'button', each)]}
                      onInput={(text) => write('button', each, text)}
                    />
                  )}
                  {kind?.hasButton && (
                    <MoreButtons
                      tag={each}
                      site={site}
                      draft={draft}
                      places={[...errors, ...warnings].filter(
                        (place) => isOfButtons(place) && (place.language ?? each) === each,
                      )}
                      onChange={change}
                    />
                  )}
                  {!site.languages.includes(each) && (
                    <div>
                      <Button
                        kind="danger"
                        onClick={() => setDraft((before) => withoutLanguage(before, each))}
                      >
                        {say({
                          it: 'Togli questa lingua dal messaggio',
                          en: 'Take this language out of the message',
                        })}
                      </Button>
                    </div>
                  )}
                </div>
              )}
            </LanguageTabs>
          </section>
          {/* Below the text: what is found while somebody types does not push it away. */}
          <div class="stack notices" data-place="message" tabIndex={-1}>
            {[...general, ...overlaps].map((place) => (
              <Banner key={place.detail} kind={errors.includes(place) ? 'bad' : 'warning'}>
                <p dir="auto">{place.detail}</p>
              </Banner>
            ))}
          </div>
        </div>
        <PreviewPanel
          site={site}
          tag={tag}
          isEmpty={(draft.text[tag] ?? '') === ''}
          shown={preview}
          sample={sample}
          onSample={setSample}
        />
      </div>
      <div class="save-bar">
        <Button
          kind="primary"
          type="submit"
          isBusy={isSaving}
          busyWords={say({ it: 'Salvataggio …', en: 'Saving …' })}
        >
          {say({ it: 'Salva', en: 'Save' })}
        </Button>
        <Button onClick={() => setDialog('test')}>{say({ it: 'Invia una prova', en: 'Send a test' })}</Button>
        <span class="to-preview">
          <Button onClick={() => document.getElementById('preview-title')?.focus()}>
            {say({ it: 'Anteprima', en: 'Preview' })}
          </Button>
        </span>
        {(isChanged || isGone) && (
          <Button kind="plain" onClick={() => setDialog('discard')}>
            {say({ it: 'Scarta le modifiche', en: 'Discard the changes' })}
          </Button>
        )}
        <span class="save-state">{stateWords(isChanged || isGone, isKept, templateId === undefined)}</span>
      </div>
      {dialog === 'test' && (
        <TestDialog
          site={site}
          siteId={siteId}
          draft={draft}
          tag={tag}
          sample={sample}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'discard' && (
        <Dialog
          title={say({ it: 'Scartare le modifiche?', en: 'Discard the changes?' })}
          onClose={() => setDialog(undefined)}
        >
          <p>
            {say({
              it: `Quello che avete scritto in “${draft.name}” e non è salvato va perso.`,
              en: `What you have typed in “${draft.name}” and not saved is lost.`,
            })}
          </p>
          <div class="buttons">
            <Button kind="danger" onClick={discard}>
              {say({ it: 'Scarta le modifiche', en: 'Discard the changes' })}
            </Button>
            <Button onClick={() => setDialog(undefined)}>
              {say({ it: 'Continua a scrivere', en: 'Go on writing' })}
            </Button>
          </div>
        </Dialog>
      )}
    </form>
  );
}

interface Beginning {
  draft: Draft;
  base: Base;
  offered: OfferedDraft | undefined;
  restoredAt: string | undefined;
  theirs: Base | undefined;
  newId: string;
  unanswered: Draft[];
  resolution: Resolution | undefined;
}

/** What the editor opens with: what is saved, and what was typed before and not saved. */
function beginning({ siteId, saved, start }: EditorProps, message: string): Beginning {
  const present: Base = { draft: saved ? draftOf(saved.value) : start, etag: saved?.etag };
  const own = ownDraft(siteId, message);
  const offered = draftOfOthers(siteId, message, own?.draft ?? present.draft);
  const none = { offered, restoredAt: undefined, theirs: undefined, unanswered: [], resolution: undefined };
  if (!own) return { ...none, draft: present.draft, base: present, newId: crypto.randomUUID() };
  const unanswered = own.sent ?? [];
  // What was sent last has arrived, though its answer was lost: what is stored is no change of somebody else.
  const hasArrived =
    saved !== undefined && [own.draft, ...unanswered].some((each) => isSameDraft(each, present.draft));
  const base: Base = own.base && !hasArrived ? { draft: own.base, etag: own.etag } : present;
  const isOutdated = saved !== undefined && own.base !== undefined && base.etag !== saved.etag;
  return {
    draft: own.draft,
    base,
    offered,
    restoredAt: own.at,
    theirs: isOutdated ? present : undefined,
    newId: own.id ?? crypto.randomUUID(),
    unanswered: hasArrived ? [] : unanswered,
    resolution: own.resolution,
  };
}

/** Keeps what is not saved, with every key. @returns whether it outlives the page. */
function useKept(
  siteId: string,
  message: string,
  stored: Omit<StoredDraft, 'at'>,
  isUnsaved: boolean,
): boolean {
  const [isKept, setIsKept] = useState(true);
  useEffect(() => {
    if (isUnsaved) setIsKept(keepDraft(siteId, message, { ...stored, at: new Date().toISOString() }));
    else dropDraft(siteId, message);
  }, [siteId, message, stored, isUnsaved]);
  return isKept;
}

/** Where the browser keeps nothing, it asks before the page is closed. */
function useLeavingGuard(isLost: boolean): void {
  useEffect(() => {
    if (!isLost) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isLost]);
}

/** Says it where the number of errors or warnings has changed: the errors themselves stand beside their places. */
function useSpokenCheck(errors: number, warnings: number, isEmpty: boolean): void {
  const said = useRef({ errors: 0, warnings: 0 });
  useEffect(() => {
    const before = said.current;
    said.current = { errors, warnings };
    if (errors > before.errors || (errors > 0 && errors !== before.errors))
      announce(
        say({
          it: `Da correggere: ${count(errors, { it: 'errore', en: 'error' }, { it: 'errori', en: 'errors' })}.`,
          en: `To correct: ${count(errors, { it: 'errore', en: 'error' }, { it: 'errori', en: 'errors' })}.`,
        }),
      );
    // A message without a text is not right for that: it is only not looked at.
    else if (before.errors > 0 && errors === 0 && !isEmpty)
      announce(say({ it: 'Nessun errore.', en: 'No errors.' }));
  }, [errors, warnings]);
}

/** What saving has refused, as long as it is still so written. */
function stillRefused(refused: { places: Place[]; of: Draft } | undefined, draft: Draft): Place[] {
  if (!refused) return [];
  const { places, of } = refused;
  const valueIn = (message: Draft, { field, language }: Place) => {
    if (isLocalized(field))
      return language === undefined ? JSON.stringify(message[field]) : message[field][language];
    return JSON.stringify(Object.entries(message).find(([name]) => name === field));
  };
  return places.filter((place) => valueIn(of, place) === valueIn(draft, place));
}

function uniquePlaces(places: readonly Place[]): Place[] {
  const seen = new Map(places.map((place) => [JSON.stringify(place), place]));
  return [...seen.values()];
}

function focusOn(form: HTMLElement | null, name: string): void {
  // What belongs to no field stands with what is said of the whole message.
  const found =
    form?.querySelector(`[data-place="${CSS.escape(name)}"]`) ??
    form?.querySelector('[data-place="message"]');
  const control = found?.matches('input, textarea, select')
    ? found
    : (found?.querySelector('input, textarea, select') ?? found);
  if (control instanceof HTMLElement) control.focus();
}

function withoutLanguage(draft: Draft, tag: string): Draft {
  const without = (field: Localized) => {
    const { [tag]: _, ...others } = draft[field];
    return [field, others];
  };
  return { ...draft, ...Object.fromEntries(LOCALIZED.map(without)) };
}

/** Whether it belongs to what `MoreButtons` shows. */
function isOfButtons({ field }: Place): boolean {
  const ofButtons = ['buttonStyle', 'secondButton', 'secondButtonUrl', 'trackingButton'];
  return [...ofButtons, 'couponCode', 'couponButton'].includes(field);
}

/** Names of languages have no capital letter within an Italian sentence. */
function inSentence(tag: string): string {
  return languageName(tag).toLocaleLowerCase('it');
}

function stateWords(isChanged: boolean, isKept: boolean, isNew: boolean): string {
  if (!isChanged) return isNew ? '' : say({ it: 'Tutto salvato', en: 'All is saved' });
  if (isKept)
    return say({
      it: 'Non ancora salvato: le modifiche restano in questo browser',
      en: 'Not saved yet: the changes stay in this browser',
    });
  return say({
    it: 'Non ancora salvato: salvare prima di chiudere la pagina',
    en: 'Not saved yet: save before you close the page',
  });
}

interface StartFromProps {
  tag: string;
  draft: Draft;
  onStart: (text: string) => void;
}

/** A text in another language to begin with. */
function StartFrom({ tag, draft, onStart }: StartFromProps) {
  const others = Object.entries(draft.text).filter(([each, text]) => each !== tag && text !== '');
  if (others.length === 0) return null;
  return (
    <div class="buttons">
      {others.slice(0, 3).map(([each, text]) => (
        <Button key={each} onClick={() => onStart(text)}>
          {say({
            it: `Parti dal testo in ${inSentence(each)}`,
            en: `Begin with the text in ${languageName(each)}`,
          })}
        </Button>
      ))}
    </div>
  );
}

interface ButtonFieldProps {
  tag: string;
  site: Site;
  draft: Draft;
  /** What the button says now, whoever has written it. */
  shown: string | undefined;
  places: readonly Place[];
  onInput: (text: string) => void;
}

function ButtonField({ tag, site, draft, shown, places, onInput }: ButtonFieldProps) {
  const own = draft.button[tag] ?? '';
  const isShared = draft.event === 'order-status' || draft.event === 'abandoned-cart';
  const shared = draft.event === 'order-status' ? site.orderButton?.[tag] : site.cartButton?.[tag];
  const hint = isShared
    ? draft.event === 'order-status'
      ? say({
          it: 'Se è vuoto, vale il testo comune a tutti gli ordini, che si cambia nelle impostazioni.',
          en: 'If it is empty, the text of all orders is used, which the settings can change.',
        })
      : say({
          it: 'Se è vuoto, vale il testo comune a tutti i carrelli, che si cambia nelle impostazioni.',
          en: 'If it is empty, the text of all carts is used, which the settings can change.',
        })
    : say({
        it: 'Il pulsante apre la pagina sul sito. Se è vuoto in tutte le lingue, il messaggio non ha pulsante.',
        en: 'The button opens the page on the site. If it is empty in all languages, the message has no button.',
      });
  return (
    <Field
      label={say({ it: 'Testo del pulsante', en: 'Text of the button' })}
      hint={hint}
      error={places.map(({ detail }) => detail).join(' ') || undefined}
    >
      {(control) => (
        <input
          {...control}
          class="input"
          value={own}
          lang={tag}
          dir="auto"
          autocomplete="off"
          data-place={`button/${tag}`}
          placeholder={own === '' ? ((isShared ? shared : undefined) ?? shown ?? '') : ''}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
