/**
 * What a page in a browser can do to send requests elsewhere: loaded into a page by the tests. `attack` sends each request in
 * every way, and gives what the page could read.
 */
globalThis.attack = async (requests) => {
  const readable = [];
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const add = (tag, properties) =>
    document.body.appendChild(Object.assign(document.createElement(tag), properties));
  const isLoaded = (element) =>
    new Promise((resolve) => {
      element.onload = () => resolve(true);
      element.onerror = () => resolve(false);
    });

  async function send({ url, method, headers, body }) {
    const note = (way, text = '') => readable.push(`${way} ${method} ${url}: ${text}`);
    for (const credentials of ['include', 'omit']) {
      await fetch(url, { method, headers, body, credentials }).then(
        async (answer) => note('fetch', `${answer.status} ${await answer.text()}`),
        () => undefined,
      );
    }
    if (method === 'GET') await load(url, note);
    if (method === 'POST') await post(url, body ?? '{"a":"=b"}');
    if (['GET', 'POST'].includes(method))
      await fetch(url, { method, body, mode: 'no-cors' }).catch(() => undefined);
    await new Promise((resolve) => {
      const socket = new WebSocket(url.replace('http', 'ws'));
      socket.onclose = resolve;
      socket.onopen = () => {
        note('socket');
        socket.close();
      };
    });
  }

  async function load(url, note) {
    if (await isLoaded(add('img', { src: url }))) note('image');
    if (await isLoaded(add('script', { src: url }))) note('script');
    add('iframe', { src: url });
    add('link', { rel: 'prefetch', href: url });
    add('a', { href: url, target: '_blank' }).click();
    const events = new EventSource(url);
    events.onopen = () => note('events');
    await pause(200);
    events.close();
  }

  async function post(url, body) {
    navigator.sendBeacon(url, body);
    const name = `target-${Math.random()}`;
    const frame = add('iframe', { name });
    const form = add('form', { action: url, method: 'post', enctype: 'text/plain', target: name });
    // The body is the name and the value of the field, with an equals sign between them.
    const [first, ...others] = body.split('=');
    form.append(Object.assign(document.createElement('input'), { name: first, value: others.join('=') }));
    form.submit();
    await pause(200);
    frame.remove();
  }

  await Promise.all(requests.map(send));
  return readable;
};
