/** Files that are made of several answers: downloaded with the session, with what is done so far, and a way to stop. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { announce } from './announce.tsx';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';

export interface MadeFile {
  content: Blob;
  name: string;
}

interface DownloadProps {
  label: string;
  /** @param tell says how far it is. */
  make: (tell: (progress: string) => void, signal: AbortSignal) => Promise<MadeFile>;
}

export function Download({ label, make }: DownloadProps) {
  const [progress, setProgress] = useState<string>();
  const [error, setError] = useState<unknown>();
  const box = useRef<HTMLDivElement>(null);
  /** While it is under way. */
  const abort = useRef<AbortController | undefined>(undefined);

  const stop = () => {
    if (!abort.current) return;
    abort.current.abort();
    abort.current = undefined;
    announce(
      say({
        it: `“${label}”: interrotto, nessun file salvato.`,
        en: `“${label}”: stopped, no file is saved.`,
      }),
    );
  };
  useEffect(() => stop, []);

  const start = async () => {
    const controller = new AbortController();
    abort.current = controller;
    const { signal } = controller;
    setError(undefined);
    setProgress(say({ it: 'Si prepara il file…', en: 'The file is being made…' }));
    try {
      const file = await make(setProgress, signal);
      if (signal.aborted) return;
      save(file);
      announce(say({ it: `File pronto: ${file.name}`, en: `The file is ready: ${file.name}` }));
    } catch (failure) {
      if (signal.aborted) return;
      setError(failure);
    }
    abort.current = undefined;
    setProgress(undefined);
  };

  return (
    <div class="download" ref={box}>
      <div class="buttons">
        <Button
          isBusy={progress !== undefined}
          onClick={({ detail }) => {
            // The second click of a double one asks for no second file, however quickly the first was made.
            if (detail < 2) void start();
          }}
        >
          {label}
        </Button>
      </div>
      {progress !== undefined && (
        <div class="download-progress">
          <p class="waiting" role="status">
            {progress}
          </p>
          <Button
            kind="plain"
            onClick={() => {
              stop();
              setProgress(undefined);
              box.current?.querySelector('button')?.focus();
            }}
          >
            {say({ it: 'Interrompi', en: 'Stop' })}
          </Button>
        </div>
      )}
      {error !== undefined && <Failure error={error} onRetry={() => void start()} />}
    </div>
  );
}

/** As if a link to the file had been pressed. */
function save({ content, name }: MadeFile): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
