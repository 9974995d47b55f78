/** Values such as shops, back offices, mail programs and telephones really send. */

/**
 * What a value is for: `name` for every word of an event; `edited` for what a web editor writes, subjects and texts: in
 * names nobody writes markup.
 */
export type UglyValue = { value: string; kind: 'name' | 'edited' };

const names = [
  ...['Rossi S.r.l.', 'Bianchi.srl', 'Ferramenta F.lli Bruno & C. s.n.c.', 'A.B.C. S.p.A.', "L'Angolo d'Oro"],
  ...[
    'D’Angelò',
    'Müller & Söhne GmbH & Co. KG',
    'Łukasz Żółć',
    'Nguyễn Văn Ánh',
    'Þórður Ægisson',
    'İpek Şahin',
  ],
  ...['Nicolo\u0300', 'Pe\u0301rez', 'A\u030angstro\u0308m', 'n\u0303andu\u0301', 'Smo\u0308rga\u030as'],
  ...['  Mario   ', 'Mario\u00a0Rossi', 'Mario\u2003Rossi', '\tMario\t', 'MARIO ROSSI', 'mario rossi', 'O'],
  ...[
    'Rossi\nStato: Pagato',
    'Rossi\r\nTotale: 0,00',
    'Rossi\u2028Stato: Evaso',
    'Rossi\u2029x',
    'Rossi\u000bx',
  ],
  ...[
    'Rossi\u000cx',
    'Rossi\u0085x',
    'Ro\u00adssi',
    'Ro\u200bssi',
    'Ro\u200dssi',
    '\ufeffRossi',
    'Ro\u0000ssi',
  ],
  ...[
    'Ro\u0007ssi',
    'Ro\u001b[31mssi',
    'Ro\u007fssi',
    'Ro\u0092ssi',
    'Rossi\u202e',
    'Rossi (ex "Verdi")',
    '“Da Gigi”',
  ],
  ...['<Rossi>', 'Rossi > Bianchi', 'Rossi < Bianchi', 'AT&T', 'Rossi &amp; Figli', 'Rossi &amp;amp; Figli'],
  ...[
    'caff&egrave;',
    'caff&#232;',
    'caff&#xe8;',
    'Rossi & Figli',
    'P&O',
    'R&D;',
    'dell&#39;Orto',
    'l&apos;Orto',
  ],
  ...['{{nome}}', '{{{nome}}}', '{nome}', '%nome%', '[NOME]', '{{#nome}}', '$&', "$'", '\\n', '\\u0041'],
  ...[
    "Robert'); DROP TABLE utenti;--",
    '=1+1',
    '@SUM(A1)',
    '-',
    '--',
    '…',
    '***',
    '_corsivo_',
    '*grassetto*',
    '`x`',
  ],
  ...['null', 'undefined', 'NaN', 'true', '0', '-1', '١٢٣', '½', 'ﬁnestra', 'ＦＵＬＬ', '𝓜𝓪𝓻𝓲𝓸', 'ᴍᴀʀɪᴏ'],
];

const files = [
  ...[
    'listino.zip',
    'Listino 2027.pdf',
    'fattura.xml.p7m',
    'C:\\Documenti\\listino.zip',
    '/srv/dati/listino.mov',
  ],
  ...[
    'foto (1).jpg',
    'contratto_v2.final.FINAL.docx',
    'preventivo n.ro 5.pdf',
    'IMG_20260101-WA0003.jpg',
    '.htaccess',
  ],
  ...[
    'a.b.c.d',
    'relazione.py',
    'script.sh',
    'README.md',
    'ordine#12.pdf',
    '50%25.pdf',
    'a+b.pdf',
    'file%20name.pdf',
  ],
  ...['présentation.pptx', 'presentazio\u0300ne.app', 'файл.рф', '报价单.pdf', 'حساب.pdf', '📄 listino.pdf'],
];

const likeLinks = [
  ...[
    'n.ro 5',
    'n.ro5',
    'pag.to',
    'c.so Roma',
    'vedi /stop',
    '/start',
    '@nome',
    '@nome_cognome',
    'ciao @admin!',
  ],
  ...['#offerta', '#A12', '$EUR', '127.0.0.1', '192.168.1.1:8080', 'tg://resolve?domain=x', 't.me/joinchat'],
  ...[
    'ftp://server',
    'javascript:alert(1)',
    'art.it',
    'prof.ssa Bianchi',
    'dott.ing.Verdi',
    'ore 9.30',
    '1.234.567,89',
  ],
  ...[
    'P.IVA 01234567890',
    'IT60X0542811101000000123456',
    '12/2026',
    'www',
    'http://',
    'https://',
    'S.Maria',
    'evil\u200b.com',
  ],
  ...[
    'evil\u202e.com',
    'ev\u030ail.com',
    'evil&#46;com',
    'evil。com',
    'ООО.рф',
    'xn--80ak6aa92e.com',
    'user@',
    '@',
    '#',
    '/',
  ],
];

const written = [
  ...[
    'Vedi https://www.shop.example/listino.zip?a=1&b=2',
    '(https://shop.example/a_(b))',
    'www.shop.example',
  ],
  ...[
    'scrivere a info@shop.example.',
    'https://shop.example/è?q=caffè#x',
    'HTTPS://SHOP.EXAMPLE',
    'http://shop.example.',
  ],
].map((value) => ({ value, kind: 'edited' as const }));

const signs = [
  ...[
    '👩‍👩‍👧‍👦',
    '🇮🇹🇮🇹🇮🇹',
    '👍🏽',
    '❤️',
    '1️⃣',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    'Grazie 🙏🙏🙏',
    '😀'.repeat(60),
    '☎️ 0123',
    '🧑🏿‍🚀 Anna',
  ],
  ...[
    'שלום עולם',
    'مرحبا بالعالم',
    'Rossi \u200fשלום\u200e',
    '\u2067ab\u2069',
    'abc שלום 123',
    '日本語の名前',
    '한국어',
    'ไทย',
  ],
  ...[
    'Ελλάδα',
    'Россия',
    'हिन्दी',
    'Z\u0351\u036b\u0343a\u0349\u035al\u0300\u0301g\u0316\u0317o',
    'x\u0338',
    'a\u20e3',
  ],
];

const long = [
  ...[
    'x'.repeat(10_000),
    'parola '.repeat(1_429),
    '👩‍👩‍👧‍👦'.repeat(910),
    'e\u0301'.repeat(5_000),
    '&'.repeat(10_000),
  ],
  ...[
    '<'.repeat(10_000),
    '&amp;'.repeat(2_000),
    '🇮🇹'.repeat(2_500),
    'riga '.repeat(2_000),
    `${'a.it '.repeat(2_000)}`,
  ],
  ...[
    '日'.repeat(10_000),
    'שלום '.repeat(2_000),
    `https://shop.example/${'x'.repeat(9_900)}`,
    '@nome '.repeat(1_600),
  ],
];

const WORD =
  '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0cm}</style><!--[if gte mso 9]><xml><o:x/></xml><![endif]--></head><body><p class=MsoNormal><b>Gentile cliente,</b><o:p></o:p></p><p class=MsoNormal>il preventivo &egrave; pronto<span style=\'mso-spacerun:yes\'>&nbsp; </span>da ieri<o:p>&nbsp;</o:p></p></body></html>';

const pasted = [
  '<p>Buongiorno,<br>il&nbsp;preventivo &egrave; pronto</p><ul><li>tende</li><li>binari</li></ul>',
  WORD,
  '<p class="MsoListParagraph" style="mso-list:l0 level1"><span style="font-family:Symbol">·<span>&nbsp;&nbsp;</span></span>Tende</p>',
  '<div class="WordSection1"><table><tr><td>Tende</td><td>12</td></tr><tr><td>Binari</td><td>3</td></tr></table></div>',
  '<div dir="ltr">Buongiorno<div><br></div><div>Anna</div></div><br><div class="gmail_quote"><blockquote>Il giorno 3 <br></blockquote></div>',
  '<div><font face="Calibri">Da: Anna Rossi &lt;anna@shop.example&gt;</font></div><hr tabindex="-1"><div>Testo</div>',
  '<p>a</p><p>&nbsp;</p><p>&nbsp;</p><p>b</p>',
  '<strong>Importante</strong>: <em>oggi</em> <u>chiuso</u>',
  '<a href="https://shop.example/ordini?a=1&amp;b=2">Vedi l&rsquo;ordine</a>',
  '<img src="cid:image001.png" alt="logo"><br/>Saluti',
  '<script>alert(1)</script><p>Ciao</p>',
  '<style>body{color:red}</style><h1>Titolo</h1><p>Testo</p>',
  '&lt;p&gt;Scritto due volte&lt;/p&gt;',
  '<p>Non chiuso<br>mai',
  '<ul><li>a<ul><li>b</li></ul></li></ul><ol start="3"><li>c</li></ol>',
  '<span style="color:#1F497D;mso-fareast-language:EN-US">Cordiali saluti</span>',
  '<p>5 &lt; 7 &amp; 8 &gt; 2</p>',
  '<p>&#128512; &euro; 12,50 &ndash; &hellip;</p>',
  '*Grassetto di WhatsApp* _corsivo_ ~barrato~ ```codice```',
  '[12/11/26, 10:32:11] Anna: va bene 👍',
  '\u200e[12/11/26, 10:33:02] Anna: \u200eimmagine omessa',
  'Da: Anna\r\nInviato: lunedì\r\nA: Bruno\r\nOggetto: R: R: I: preventivo\r\n\r\nTesto',
  '> citato\n>> citato due volte\n-- \nAnna',
  '“virgolette” ‘semplici’ – trattino — lungo … puntini • punto\u00a0fisso',
  'a < b & c > d',
  '<3',
  'x<y',
  'se a<b e c>d',
  'Rossi <info@rossi.example>',
  '\u00b7\u00a0\u00a0\u00a0Primo\r\n\u00b7\u00a0\u00a0\u00a0Secondo',
  '1.\tPrimo\n2.\tSecondo\n\n\n\n3.\tTerzo',
].map((value) => ({ value, kind: 'edited' as const }));

export const UGLY_VALUES: UglyValue[] = [
  ...[...names, ...files, ...likeLinks, ...signs, ...long].map((value) => ({ value, kind: 'name' as const })),
  ...written,
  ...pasted,
];

/** What stands for nothing. */
export const EMPTY_VALUES = [
  '',
  ' ',
  '\u00a0',
  '\n',
  '\t \r\n',
  null,
  '\u200b',
  '\u200e\u200f',
  '\u2060',
  '\ufeff',
  '\u3164',
  '\u00ad',
];

/** Amounts as databases and programs write them. */
export const AMOUNTS = [
  ...['0', '0.00', '-0.00', '-0.001', '0.1', '1999.50', '1999.5', '1999.500', '123456789012345.67', '-12.50'],
  ...['0.000001', '1', '1000', '12.3456', '-1999.999'],
].flatMap((amount) => ['EUR', 'ALL', 'KWD', 'JPY', 'HUF'].map((currency) => ({ amount, currency })));
