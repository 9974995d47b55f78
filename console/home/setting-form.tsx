/** One setting of the shop, typed where it is asked for. */
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';
import { keepDraft, readDraft } from '../drafts.ts';
import { say } from '../i18n/language.ts';
import type { SiteScreenProps } from '../screens/props.ts';
import { useAction } from '../ui/action.ts';
import { useScreen } from '../ui/announce.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';

export const SETTINGS = ['merchantContact', 'privacyUrl'] as const;
type Setting = (typeof SETTINGS)[number];

/** Under which name the draft is kept. */
export function draftName(field: Setting): string {
  return `home-${field}`;
}

interface SettingFormProps extends SiteScreenProps {
  field: Setting;
  label: string;
  hint: string;
  placeholder: string;
}

export function SettingForm({ site, siteId, etag, reloadSite, field, ...words }: SettingFormProps) {
  const saved = site[field] ?? '';
  // It is what this form has kept, or nothing: `readDraft` says so.
  const [draft] = useState(
    () => readDraft(siteId, draftName(field)) as { base: string; mine: string } | undefined,
  );
  const [typed, setTyped] = useState(draft?.mine ?? saved);
  /** What stood there when this form was filled. */
  const [known, setKnown] = useState(draft?.base ?? saved);
  const { isBusy, error, run } = useAction();
  const { announce } = useScreen();
  const isConflict = saved !== known && typed !== saved;
  useEffect(() => {
    // Nothing was typed: what somebody else has saved is shown.
    if (typed === known) setTyped(saved);
    if (typed === known || typed === saved) setKnown(saved);
  }, [saved]);
  useEffect(
    () => keepDraft(siteId, draftName(field), typed === saved ? undefined : { base: known, mine: typed }),
    [typed, known, saved],
  );

  async function save(): Promise<void> {
    try {
      const body = { [field]: typed.trim() === '' ? null : typed.trim() };
      await siteRequest(siteId, 'PATCH', '', { body, ifMatch: etag });
    } catch (cause) {
      // The new version is shown beside what was typed, if it is this field that has changed.
      if (cause instanceof Problem && cause.status === 412) reloadSite();
      throw cause;
    }
    setKnown(typed.trim());
    setTyped(typed.trim());
    reloadSite();
    announce(say({ it: 'Salvato.', en: 'Saved.' }));
  }

  const isOutdated = error instanceof Problem && error.status === 412;
  const fieldError = error instanceof Problem ? error.errors[0]?.detail : undefined;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void run(save);
      }}
    >
      <TextField {...words} value={typed} onInput={setTyped} error={isOutdated ? undefined : fieldError} />
      {isConflict && (
        <Banner kind="warning" isAlert>
          <p>
            {say({
              it: 'Nel frattempo qualcun altro ha scritto qui: ',
              en: 'Meanwhile somebody else has written here: ',
            })}
            <strong dir="auto">{saved || say({ it: '(niente)', en: '(nothing)' })}</strong>
          </p>
          <div class="buttons">
            <Button
              onClick={() => {
                setTyped(saved);
                setKnown(saved);
              }}
            >
              {say({ it: 'Tieni quello', en: 'Keep that' })}
            </Button>
          </div>
        </Banner>
      )}
      {isOutdated && !isConflict && (
        <Banner kind="warning" isAlert>
          <p>
            {say({
              it: 'Nel frattempo è cambiata un’altra impostazione del negozio. Premere ancora «Salva».',
              en: 'Meanwhile another setting of the shop has changed. Press “Save” once more.',
            })}
          </p>
        </Banner>
      )}
      {error !== undefined && !isOutdated && fieldError === undefined && <Failure error={error} />}
      <div>
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {say({ it: 'Salva', en: 'Save' })}
        </Button>
      </div>
    </form>
  );
}
