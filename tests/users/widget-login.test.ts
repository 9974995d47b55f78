import { describe, expect, test } from '@jest/globals';
import { checkWidgetLogin, type WidgetFields } from '../../lib/users/widget-login.ts';

const TOKEN = '100:demo';
const AT = 1_795_341_600;
const NOW = (AT + 60) * 1000;

/**
 * The signature was made with OpenSSL:
 *   KEY=$(printf '100:demo' | openssl dgst -sha256 -hex | awk '{print $NF}')
 *   printf 'auth_date=1795341600\nfirst_name=Anna\nid=1001\n…' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY
 */
const LOGIN: WidgetFields = {
  id: '1001',
  first_name: 'Anna',
  last_name: 'Rossi',
  username: 'anna_rossi',
  photo_url: 'https://t.me/i/userpic/320/anna.jpg',
  auth_date: String(AT),
  hash: '5087d389f8c0fe21c369b6eec07d5c12c80378496091a4ab4f0e16fb535f940d',
};

test('a login that Telegram has signed', () => {
  expect(checkWidgetLogin(LOGIN, TOKEN, NOW)).toEqual({
    id: 1001,
    firstName: 'Anna',
    lastName: 'Rossi',
    username: 'anna_rossi',
    authenticatedAt: AT * 1000,
    hash: LOGIN.hash,
  });
});

test('the order of the fields does not matter', () => {
  const reversed = Object.fromEntries(Object.entries(LOGIN).reverse());
  expect(checkWidgetLogin(reversed, TOKEN, NOW)).toMatchObject({ id: 1001 });
});

describe('its age: at most 24 hours, and not from the future', () => {
  test.each([
    ['24 hours', AT + 86_400, true],
    ['a second more', AT + 86_401, 'stale'],
    ['a clock of ours that is 5 seconds behind', AT - 5, true],
    ['6 seconds', AT - 6, 'from-the-future'],
    ['a year', AT - 31_536_000, 'from-the-future'],
  ])('%s', (_what, now, expected) => {
    const checked = checkWidgetLogin(LOGIN, TOKEN, now * 1000);
    expect(typeof checked === 'string' ? checked : true).toBe(expected);
  });
});

describe('what nobody has signed', () => {
  const { last_name, photo_url, hash = '', ...others } = LOGIN;
  test.each<[string, Record<string, string>, string]>([
    ['another person', { ...LOGIN, id: '1002' }, 'forged'],
    ['a field taken out', { ...others, hash, photo_url: photo_url ?? '' }, 'forged'],
    ['a field put in', { ...LOGIN, is_admin: 'true' }, 'forged'],
    ['an empty hash', { ...LOGIN, hash: '' }, 'malformed'],
    ['a short hash', { ...LOGIN, hash: hash.slice(0, 63) }, 'malformed'],
    ['a hash in capitals', { ...LOGIN, hash: hash.toUpperCase() }, 'malformed'],
    ['no id', { ...others, id: '', hash }, 'malformed'],
    ['an id with a sign', { ...LOGIN, id: '+1001' }, 'malformed'],
    ['an id beyond whole numbers', { ...LOGIN, id: '9999999999999999' }, 'malformed'],
    ['a group', { ...LOGIN, id: '-1001' }, 'malformed'],
    ['a date with a fraction', { ...LOGIN, auth_date: `${AT}.5` }, 'malformed'],
    ['no date', { ...others, auth_date: '', hash }, 'malformed'],
    ['a name of a field that Telegram would not use', { ...LOGIN, 'x=y': '' }, 'malformed'],
    // Signed text: "…\nphoto_url=…\nusername=anna_rossi". Two lines in one value read the same.
    [
      'a field hidden in another one',
      {
        id: '1001',
        first_name: 'Anna',
        last_name: 'Rossi',
        auth_date: String(AT),
        photo_url: `${photo_url}\nusername=anna_rossi`,
        hash,
      },
      'malformed',
    ],
  ])('%s', (_what, fields, expected) => {
    expect(checkWidgetLogin(fields, TOKEN, NOW)).toBe(expected);
  });

  test('a login for another bot', () => {
    expect(checkWidgetLogin(LOGIN, '200:nuovo', NOW)).toBe('forged');
  });
});

test('100,000 random changes of a valid login: none is accepted', () => {
  let seed = 20_261_122;
  // A linear congruential generator: the same changes in every run.
  const random = (limit: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const names = Object.keys(LOGIN);
  const original = JSON.stringify(LOGIN);
  const character = () => String.fromCharCode(32 + random(95));
  const mutate = () => {
    const fields: Record<string, string> = { ...LOGIN };
    const name = names[random(names.length)] ?? '';
    const value = fields[name] ?? '';
    const at = random(value.length + 1);
    switch (random(6)) {
      case 0:
        fields[name] = value.slice(0, at) + character() + value.slice(at + 1);
        break;
      case 1:
        fields[name] = value.slice(0, at) + character() + value.slice(at);
        break;
      case 2:
        fields[name] = value.slice(0, at) + value.slice(at + 1);
        break;
      case 3:
        delete fields[name];
        break;
      case 4:
        fields[`${name}${character()}`] = value;
        break;
      default: {
        const other = names[random(names.length)] ?? '';
        [fields[name], fields[other]] = [fields[other] ?? '', value];
      }
    }
    return fields;
  };
  let tried = 0;
  const accepted: Record<string, string>[] = [];
  while (tried < 100_000) {
    const fields = mutate();
    if (JSON.stringify(fields) === original) continue;
    tried += 1;
    if (typeof checkWidgetLogin(fields, TOKEN, NOW) !== 'string') accepted.push(fields);
  }
  expect(accepted).toEqual([]);
});
