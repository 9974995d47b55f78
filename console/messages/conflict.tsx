/** Two have changed the same message: what each has written, side by side, and what to keep. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import type { Catalogue } from './api.ts';
import {
  changedBy,
  type Difference,
  type Draft,
  differencesOf,
  isDisputed,
  type Part,
  withPart,
} from './draft.ts';
import type { Chosen, Resolution } from './drafts.ts';
import { Segments } from './segments.tsx';
import { type Change, wordChanges } from './word-changes.ts';
import { partName, partWords } from './words.ts';

interface ConflictProps {
  /** What both began with; absent: they have begun with different texts. */
  base: Draft | undefined;
  mine: Draft;
  theirs: Draft;
  /** Theirs is not saved either: it was typed in another tab. */
  isUnsaved: boolean;
  catalogue: Catalogue;
  /** Kept by the editor: it outlives this view. */
  resolution: Resolution;
  onChoosing: (resolution: Resolution) => void;
  onResolved: (draft: Draft) => void;
  onClose: () => void;
}

export function Conflict(props: ConflictProps) {
  const { base, mine, theirs, isUnsaved, catalogue, resolution, onChoosing, onResolved, onClose } = props;
  const { choices, merged } = resolution;
  const differences = differencesOf(mine, theirs);
  const [isTried, setIsTried] = useState(false);
  const section = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const isOpen = (part: Part) => !base || isDisputed(part, base, mine, theirs);
  const chosenFor = (part: Part): Chosen | undefined =>
    choices[part] ?? (base && !isOpen(part) ? changedBy(part, base, mine) : undefined);
  const resolve = () => {
    const missing = differences.findIndex(({ part }) => chosenFor(part) === undefined);
    if (missing >= 0) {
      setIsTried(true);
      section.current?.querySelectorAll('.difference')[missing]?.querySelector('input')?.focus();
      return;
    }
    let draft = theirs;
    for (const { part, one } of differences) {
      const chosen = chosenFor(part);
      if (chosen === 'mine') draft = withPart(draft, part, one);
      if (chosen === 'merged') draft = withPart(draft, part, merged[part] ?? one);
    }
    onResolved(draft);
  };
  return (
    <section ref={section} class="stack" aria-labelledby="conflict-title">
      <h2 ref={heading} id="conflict-title" tabIndex={-1}>
        {say({ it: 'Quale testo tenere?', en: 'Which text to keep?' })}
      </h2>
      <Banner kind="warning">
        <p>
          {isUnsaved
            ? say({
                it: 'Questo messaggio è stato scritto anche in un’altra scheda di questo browser. Qui ci sono tutti e due i testi: scegliere per ogni differenza quale tenere. Niente è perso finché non avete scelto.',
                en: 'This message was written in another tab of this browser too. Here are both texts: choose for each difference which one to keep. Nothing is lost until you have chosen.',
              })
            : say({
                it: 'Mentre scrivevate, questo messaggio è stato salvato da un’altra scheda o da un’altra persona. Qui ci sono tutte e due le versioni: scegliere per ogni differenza quale tenere. Niente è perso finché non salvate.',
                en: 'While you were writing, this message was saved in another tab or by somebody else. Here are both versions: choose for each difference which one to keep. Nothing is lost until you save.',
              })}
        </p>
      </Banner>
      {differences.map((difference) => (
        <DifferenceChoice
          key={difference.part}
          difference={difference}
          catalogue={catalogue}
          chosen={chosenFor(difference.part)}
          isDisputed={isOpen(difference.part)}
          isUnsaved={isUnsaved}
          isMissing={isTried && chosenFor(difference.part) === undefined}
          merged={merged[difference.part]}
          onChoose={(chosen, text) =>
            onChoosing({
              ...resolution,
              choices: { ...choices, [difference.part]: chosen },
              ...(text !== undefined && { merged: { ...merged, [difference.part]: text } }),
            })
          }
        />
      ))}
      <div class="buttons">
        <Button kind="primary" onClick={resolve}>
          {say({ it: 'Continua con queste scelte', en: 'Go on with these choices' })}
        </Button>
        <Button onClick={onClose}>{say({ it: 'Torna al vostro testo', en: 'Back to your text' })}</Button>
      </div>
    </section>
  );
}

interface DifferenceChoiceProps {
  difference: Difference;
  catalogue: Catalogue;
  chosen: Chosen | undefined;
  isDisputed: boolean;
  isUnsaved: boolean;
  isMissing: boolean;
  merged: string | undefined;
  /** With the merged text, where it has changed. */
  onChoose: (chosen: Chosen, merged?: string) => void;
}

function DifferenceChoice(props: DifferenceChoiceProps) {
  const { difference, catalogue, chosen, isUnsaved, merged, onChoose } = props;
  const { part, one, other } = difference;
  const isText = part === 'name' || part.includes('/');
  const changes = wordChanges(partWords(part, one, catalogue), partWords(part, other, catalogue));
  return (
    <div class="card difference">
      <h3>{partName(part)}</h3>
      {!props.isDisputed && (
        <p class="muted">
          {say({
            it: 'Cambiato da una parte sola: la scelta è già fatta, e si può cambiare.',
            en: 'Changed on one side only: the choice is made already, and can be changed.',
          })}
        </p>
      )}
      <div class="sides">
        <Side
          label={say({ it: 'Il vostro', en: 'Yours' })}
          changes={changes.filter(({ kind }) => kind !== 'added')}
          isChosen={chosen === 'mine'}
        />
        <Side
          label={
            isUnsaved
              ? say({ it: 'Quello dell’altra scheda', en: 'That of the other tab' })
              : say({ it: 'Salvato nel frattempo', en: 'Saved meanwhile' })
          }
          changes={changes.filter(({ kind }) => kind !== 'removed')}
          isChosen={chosen === 'theirs'}
        />
      </div>
      <Segments
        label={say({ it: 'Tenere', en: 'Keep' })}
        value={chosen}
        options={[
          { value: 'mine', label: say({ it: 'Il vostro', en: 'Yours' }) },
          {
            value: 'theirs',
            label: isUnsaved
              ? say({ it: 'Quello dell’altra scheda', en: 'That of the other tab' })
              : say({ it: 'Quello salvato', en: 'The saved one' }),
          },
          ...(isText
            ? [{ value: 'merged' as const, label: say({ it: 'Unire a mano', en: 'Merge by hand' }) }]
            : []),
        ]}
        onChange={(wanted) => {
          if (wanted !== 'merged' || merged !== undefined) onChoose(wanted);
          else onChoose(wanted, typeof one === 'string' ? one : '');
        }}
      />
      {props.isMissing && (
        <p class="note bad" role="alert">
          {say({ it: 'Scegliere quale tenere.', en: 'Choose which one to keep.' })}
        </p>
      )}
      {chosen === 'merged' && (
        <Field label={say({ it: 'Testo unito', en: 'Merged text' })}>
          {(control) => (
            <textarea
              {...control}
              class="input merged"
              dir="auto"
              rows={6}
              value={merged ?? ''}
              onInput={(event) => onChoose('merged', event.currentTarget.value)}
            />
          )}
        </Field>
      )}
    </div>
  );
}

/** What stands on this side alone is marked. */
function Side({ label, changes, isChosen }: { label: string; changes: Change[]; isChosen: boolean }) {
  return (
    <div class={`side ${isChosen ? 'chosen' : ''}`}>
      <h4>{label}</h4>
      <p class="side-text" dir="auto">
        {changes.map(({ text, kind }, index) =>
          kind === 'same' ? <span key={index}>{text}</span> : <mark key={index}>{text}</mark>,
        )}
      </p>
    </div>
  );
}
