/**
 * The console as it is served: its page, and files whose names change with their content. They are made when the functions
 * are built, and are part of the bundle of `functions/console.ts`.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { ConsoleFile, ConsoleFiles } from '../functions/console.ts';

const folder = join(import.meta.dirname, '../console');

const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

export async function consoleFiles(): Promise<ConsoleFiles> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: { main: 'main.tsx', icon: 'icon.svg' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome120', 'firefox121', 'safari17'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const names = Object.entries(metafile.outputs);
  const nameOf = (entryPoint: string, extension: string) => {
    const [path] = names.find(
      ([name, output]) => output.entryPoint === entryPoint && name.endsWith(extension),
    ) ?? [undefined];
    if (path === undefined) throw new Error(`The console's build has made no ${extension} of ${entryPoint}.`);
    return basename(path);
  };
  const script = nameOf('main.tsx', '.js');
  const style = basename(metafile.outputs[`dist/${script}`]?.cssBundle ?? nameOf('main.tsx', '.css'));
  const icon = nameOf('icon.svg', '.svg');
  const page = (await readFile(join(folder, 'page.html'), 'utf8'))
    .replace('ICON', icon)
    .replace('STYLE', style)
    .replace('SCRIPT', script);
  return {
    page: compressed('text/html; charset=utf-8', page),
    assets: Object.fromEntries(
      outputFiles.map(({ path, contents }) => {
        const name = basename(path);
        return [
          name,
          compressed(TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', contents),
        ];
      }),
    ),
  };
}

function compressed(type: string, content: string | Uint8Array): ConsoleFile {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return {
    type,
    brotli: brotliCompressSync(content, { params }).toString('base64'),
    gzip: gzipSync(content, { level: 9 }).toString('base64'),
  };
}
