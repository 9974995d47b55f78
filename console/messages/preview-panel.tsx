/** The live preview: whom it is shown for, and the phone. */
import { useState } from 'preact/hooks';
import type { Site } from '../../clients/typescript/client.ts';
import { say } from '../i18n/language.ts';
import { wordsOf } from '../ui/failure.tsx';
import { Phone } from './phone.tsx';
import { SAMPLES, type SampleName } from './samples.ts';
import { Segments } from './segments.tsx';
import type { ShownPreview } from './use-preview.ts';
import { languageName } from './words.ts';

interface PreviewPanelProps {
  site: Site;
  tag: string;
  isEmpty: boolean;
  shown: ShownPreview;
  sample: SampleName;
  onSample: (sample: SampleName) => void;
}

export function PreviewPanel({ site, tag, isEmpty, shown, sample, onSample }: PreviewPanelProps) {
  const [scheme, setScheme] = useState<'light' | 'dark'>(() =>
    matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  );
  const { preview, hasErrors, error } = shown;
  return (
    <section class="preview" aria-labelledby="preview-title">
      <div class="preview-head">
        <h2 id="preview-title" tabIndex={-1}>
          {say({ it: 'Anteprima', en: 'Preview' })} · {languageName(tag)}
        </h2>
        <Segments
          isLabelHidden
          label={say({ it: 'Aspetto del telefono', en: 'Look of the phone' })}
          value={scheme}
          options={[
            { value: 'light', label: say({ it: 'Chiaro', en: 'Light' }) },
            { value: 'dark', label: say({ it: 'Scuro', en: 'Dark' }) },
          ]}
          onChange={setScheme}
        />
      </div>
      <Segments
        label={say({ it: 'Esempio', en: 'Sample' })}
        value={sample}
        options={SAMPLES.map(({ name, label }) => ({ value: name, label: say(label) }))}
        onChange={onSample}
      />
      <Phone name={site.name} scheme={scheme} message={isEmpty ? undefined : preview} isOld={hasErrors} />
      <div class="preview-notes">
        {isEmpty && (
          <p class="muted">
            {say({
              it: 'Il messaggio compare qui mentre lo scrivete.',
              en: 'The message appears here while you write it.',
            })}
          </p>
        )}
        {!isEmpty && hasErrors && (
          <p class="note bad">
            {say({
              it: 'C’è un errore nel testo: qui si vede l’ultima versione senza errori.',
              en: 'There is an error in the text: this is the last version without one.',
            })}
          </p>
        )}
        {!isEmpty && preview?.shortened && (
          <p class="note warning">
            {say({
              it: 'Con questi valori il messaggio è troppo lungo per Telegram: i valori più lunghi sono accorciati e finiscono con “…”.',
              en: 'With these values the message is too long for Telegram: the longest values are cut and end in “…”.',
            })}
          </p>
        )}
        {error !== undefined && <p class="note bad">{wordsOf(error)}</p>}
      </div>
    </section>
  );
}
