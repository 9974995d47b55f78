/**
 * The try-out page of the API: one file with all that it needs, so that it asks nobody else for anything. It is made when the
 * functions are built, and is part of the bundle of `functions/api-docs.ts`.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ApiDocsPage } from '../functions/api-docs.ts';

/**
 * An optional parameter begins empty: Swagger UI would write its example, or its default, into the field, and send it. What
 * stood there is in its description. The document that others read stays as it is.
 */
const EMPTY_PARAMETERS = `
const said = (word, value) => (value === undefined ? '' : '\\n\\n' + word + ': \`' + value + '\`');
const begunEmpty = (parameter) => {
  if (parameter.required) return parameter;
  const { example, description, schema: { default: usual, ...schema }, ...others } = parameter;
  return { ...others, schema, description: description + said('Example', example) + said('Without it', usual) };
};
const mapValues = (values, change) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
const withEmptyParameters = ({ paths = {}, ...others }) => ({
  ...others,
  paths: mapValues(paths, (methods) =>
    mapValues(methods, (operation) =>
      operation.parameters ? { ...operation, parameters: operation.parameters.map(begunEmpty) } : operation)),
});
const emptyParameters = () => ({
  statePlugins: {
    spec: { wrapActions: { updateJsonSpec: (update) => (document) => update(withEmptyParameters(document)) } },
  },
});`;

/** "Authorize" begins in its first field: without this, in the last one. */
const FIRST_KEY = `
const firstKey = () => ({
  wrapComponents: {
    authorizationPopup: (Popup, { React }) =>
      class extends React.Component {
        componentDidMount() {
          document.querySelector('.auth-container input')?.focus();
        }
        render() {
          return React.createElement(Popup, this.props);
        }
      },
  },
});`;

/**
 * The key that a person writes into "Authorize" stays in the memory of the page. Nothing is read from the address of the
 * page: a link to it can't make it show another document.
 */
const START = `${EMPTY_PARAMETERS}
${FIRST_KEY}
SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: false,
  plugins: [emptyParameters, firstKey],
  queryConfigEnabled: false,
  syntaxHighlight: { activated: false },
  tryItOutEnabled: true,
  validatorUrl: null,
});`;

const OWN_STYLE = `body { margin: 0; }
.swagger-ui .wrapper { max-width: 1100px; }`;

export async function apiDocsPage(): Promise<ApiDocsPage> {
  const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const [code, style, icon] = await Promise.all([
    readFile(join(viewer, 'swagger-ui-bundle.js'), 'utf8'),
    readFile(join(viewer, 'swagger-ui.css'), 'utf8'),
    readFile(join(viewer, 'favicon-32x32.png'), 'base64'),
  ]);
  const script = insideScript(`${withoutMap(code)}\n${START}`);
  const styles = `${withoutMap(style)}\n${OWN_STYLE}`;
  if (/<\/style/i.test(styles)) throw new Error('The style sheet would end the element that it is in.');
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>passweb-telegram: try the API</title>
<link rel="icon" href="data:image/png;base64,${icon}">
<style>${styles}</style>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript. The same is in <a href="/v1/openapi.json">openapi.json</a>.</noscript>
<script>${script}</script>
</body>
</html>
`;
  return {
    gzip: gzipSync(html, { level: 9 }).toString('base64'),
    // As other versions here: a number, of at most 13 digits.
    version: Number(BigInt(`0x${sha256(html, 'hex').slice(0, 16)}`) % 10n ** 13n),
    scriptHash: sha256(script, 'base64'),
    styleHash: sha256(styles, 'base64'),
  };
}

/** A source map is not served. */
function withoutMap(source: string): string {
  return source.replace(/\n(?:\/\/|\/\*)# sourceMappingURL=.*\n?$/, '');
}

/** What ends a script in HTML, or changes how its end is found, written so that the script means the same. */
function insideScript(code: string): string {
  return code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}

function sha256(text: string, encoding: 'hex' | 'base64'): string {
  return createHash('sha256').update(text).digest(encoding);
}
