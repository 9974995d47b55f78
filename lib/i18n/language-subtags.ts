/**
 * The subtags of IANA's Language Subtag Registry (BCP 47), of its file of 2025-08-25: without those of no single language
 * (collections, `und`, `mul`, `zxx`), no known region or script (`ZZ`, `Zyyy`), and for private use.
 *
 * Made from the package language-subtag-registry 0.4.2 (CC0). Intl knows only the languages that have a name in CLDR, and
 * needs 30 ms for them.
 *
 * @see https://www.iana.org/assignments/language-subtag-registry
 */

const TWO_LETTERS =
  'aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee ' +
  'el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in ' +
  'io is it iu iw ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh ' +
  'mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru ' +
  'rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug ' +
  'uk ur uz ve vi vo wa wo xh yi yo za zh zu';

/** One bit for each of aaa to zzz, in this order, the lowest bit of a byte first; in base64. */
const THREE_LETTERS =
  '//3d/u//v9v7//769x88V2uXc/j///9wvwP//88FhXLp//1/7//3d//////////jqf///0y0Cnq+3////v/X///f/9sr9PFwXeefFAcg' +
  '3+2fL8kheK9u////////f/////9/3f////d/////////57//////7/////+//////9///fP/+3/////+///7///3///97///f9/////+' +
  '///f///f+////v/////+53u//dWtPUD8nMFDJAglQQBQRACAu//yn7RCRdabNIj3e+cXV1F9Dhw3f/Pvn/9RGGUIABC8/73///9+Nz7H' +
  'x9/7AYEAsAWAACAAAANAAACSIdD/fe/e/l4EAAJkjRnB33siAAAA323eJuXZ8/7//c+fFEEMhgDRAPDHZV/WmV637e8DAAIAAACAd9pX' +
  'km0BLtZ79P9/fwAAAAEMVgMAALAUJ1EWCgABAAAQEUkAAGAQAAAAEAAARAQAEIAFEAAABQCAKAQAAFDVLRBkNSRT9dW/4s0DAIAAQAAA' +
  'AAAABBc5Ad1XkSGYpwgAAECCAAAABAAAAAIBQABEAACw/qs5AAIAAAAEAAAAAAAgAEAEAAAAAgAAABCDqAQAAAAABCAEpggEAAiBUAAA' +
  'CDEGQAAAAABAAAP1AxAIBAAAAOA7sxMAgAARAAAAAAAAAAAAAAAA///////fz4OiwP/fJ+8P5QMQILLFpkUlmwPf+d8D1EiQAQ6B45NU' +
  'yziyf/9t+f//fwQIAAEhEjxP/Q+FT0RAAAT//f/W6Bv0N6MNAAAge3kCB4QA8P9//gAYBIEAAACAEJQcAQAAAAAAEEAABAi0/qQMQAAA' +
  'kSQEbABg8P/7d/YcBZ/bbgMAEQAAAEAFtbaCKAQABFHi//0/BQkIBUAAAAAAEAAABAAAAAChAmznSBSIIMBHgAcAAADMUEAkhUeEQCAQ' +
  'ACAAUIgQANns7lA3HRFpDgnrMwgAIAVAEAAAAFBAlkjWXaeDRpf7ABAACACAAEBFAAECAAFAgABGCPjr9znEnRYAAAwEASAg3aIBAAAA' +
  'EkQAAAQQ8J2VEwSAAAHQFkAAEPCQYkzSAgFKAEYEAAgAACDAAIAGAAgAAAAA8NjvFQIIAAABAAAAABABABAAAAD/1+H9//////9//+/+' +
  '////////////37/7///b/f////7//////////////f/f/9z///////////76//////////7//f/////////v/////////////3v93d//' +
  'vJgFLP8H8P//fwAIAMN9HwbmcvD/fH9EIjCfex79/1fy/z//8h6V9///R4ABAgAgQFWfit/5bhGHUdD7/3dAAwXRWFwAQAAQBAIAIAqA' +
  'ezf9/v7////////v////f/////////////f//9t///9/9///7/+9///7///+33/9//f///f////7/+///////3/f17/v9///////////' +
  '/t//f////+f//P/9f///n77//v9/938CggTf////1++///f/4p7n//f/Vv3N///////v//3/fQ+nUQbEl9Bdr6b//f9jXVvf//8/IBQA' +
  'V1HCZfVN4v//30KFxQUEIgB0aRAIBUEAAQYAAAAAAFFgBQQBAAAGESAAGAGS8f1nawaVBlft2k2de4MEYkAAFUIAAABUg/lfEI7JRs/3' +
  'EzEAIAAAAJAAAAAAAAoQAAFAAODf/b99vs//v0IUhGGw/116BAIASS0UJ/vt8b/vPwAAAsfgHny7//379/33///89e1F9H8QAAGAf//3' +
  '3flfBYbv9Xe9PQAAAENxQgBAAAABQxkkCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
  'AAAAAAAAAAAAAAAAAO+951fuE10IwUAh+hcBgAAAAADw/v+/ACMAIAAACAAAMLXjEAAAABEkFgABAjCDowFQAAGDEUgAAADw3///EqoQ' +
  'fthSAIAgAAAAAEAUAgI9QBBCEGFfnDEAAAABXAIgAAABAEIBIAAAv9b/////P9/ez73/p//vf0tAEPH97f33///7n/d/8Xvxf/8//+73' +
  '777/2//f//18v1f/b4F0n9z3/e////v+/19XX+9fUBhi/v+fFZ8VB33GfaGS9ed+//+////93f///fZf/z9AmAL/4//z9v7f/99/0D4V' +
  'e7z/vv//9///93////7f99f97y+Av8X//v//n//////9v1d7Rh93//jbXc99Frnqe6AeIAAwAgQkSAQAAEDUBgQAAAQABAAwCQZQAAgA' +
  'AAAkAAQAENxY100PVE/xFkTVSgpAAgBAAAgAAADc9+sfWEhBJKAEADASQCIAEAAAAAAAAAEAAACAEBC/b5MAAQAAAAAAAADAgC0AAAAA' +
  'AAAKAAAAwIbCAgABAAH/GAIAEvD/eT8AJQAAAAoAAAAAAABAABADACkgAAABAACDAAAAAAEAAAAAAAAAAAAAAAD/+//Pfr4REAAAkgFG' +
  'zdFeAAEAMBQEVRABBPY/egUEALCAIFV1l33fccx41UP1V2cUAQAAAAAALPfbH1Rgg2gFEIs4ugEAADAAJEQAABADMQIBAADw9f/X17xw' +
  '1nh6FVAFpITpQQAAAGsZUnRA6DCQapIAAAL/7/9/hVP07///8N3HTPVC/P//HwCAwFbMFp/7N33v/72krwFEGAFdTkoIUCgw4IAQICQA' +
  '////b/4BBogqQBYBARUrPgEAABCQaUUCAgHhv78DAAAQ3KfRVJ5E3/2PbrNVINTD2DA8gAAAAEz0EcWEb1AAIlB/v9sHACAQhLJFEAZE' +
  'AAASAhEA8P/9fwUCFokAAAAIABAMAwAAAACDMAIohAAxwCMkAAAAy+Q6BshE8P//fxQBAYRQB/z//w8BAEAQOAEBHBJA4XYWCAMQAAAA' +
  'AQAAAAAAICQKQIAAAA==';

const SCRIPTS =
  'Adlm Afak Aghb Ahom Arab Aran Armi Armn Avst Bali Bamu Bass Batk Beng Berf Bhks Blis Bopo Brah Brai Bugi ' +
  'Buhd Cakm Cans Cari Cham Cher Chis Chrs Cirt Copt Cpmn Cprt Cyrl Cyrs Deva Diak Dogr Dsrt Dupl Egyd Egyh ' +
  'Egyp Elba Elym Ethi Gara Geok Geor Glag Gong Gonm Goth Gran Grek Gujr Gukh Guru Hanb Hang Hani Hano Hans ' +
  'Hant Hatr Hebr Hira Hluw Hmng Hmnp Hntl Hrkt Hung Inds Ital Jamo Java Jpan Jurc Kali Kana Kawi Khar Khmr ' +
  'Khoj Kitl Kits Knda Kore Kpel Krai Kthi Lana Laoo Latf Latg Latn Leke Lepc Limb Lina Linb Lisu Loma Lyci ' +
  'Lydi Mahj Maka Mand Mani Marc Maya Medf Mend Merc Mero Mlym Modi Mong Moon Mroo Mtei Mult Mymr Nagm Nand ' +
  'Narb Nbat Newa Nkdb Nkgb Nkoo Nshu Ogam Olck Onao Orkh Orya Osge Osma Ougr Palm Pauc Pcun Pelm Perm Phag ' +
  'Phli Phlp Phlv Phnx Piqd Plrd Prti Psin Ranj Rjng Rohg Roro Runr Samr Sara Sarb Saur Seal Sgnw Shaw Shrd ' +
  'Shui Sidd Sidt Sind Sinh Sogd Sogo Sora Soyo Sund Sunu Sylo Syrc Syre Syrj Syrn Tagb Takr Tale Talu Taml ' +
  'Tang Tavt Tayo Telu Teng Tfng Tglg Thaa Thai Tibt Tirh Tnsa Todr Tols Toto Tutg Ugar Vaii Visp Vith Wara ' +
  'Wcho Wole Xpeo Xsux Yezi Yiii Zanb Zsye';

const REGIONS =
  'AC AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT ' +
  'BU BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CS CU CV CW CX CY CZ DD DE DG DJ DK DM DO DZ ' +
  'EA EC EE EG EH ER ES ET EU EZ FI FJ FK FM FO FR FX GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW ' +
  'GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB ' +
  'LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE ' +
  'NF NG NI NL NO NP NR NT NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD ' +
  'SE SG SH SI SJ SK SL SM SN SO SR SS ST SU SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TP TR TT TV TW ' +
  'TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS YD YE YT YU ZA ZM ZR ZW 001 002 003 005 009 011 013 ' +
  '014 015 017 018 019 021 029 030 034 035 039 053 054 057 061 142 143 145 150 151 154 155 202 419';

const VARIANTS =
  '1606nict 1694acad 1901 1959acad 1994 1996 abl1943 akhmimic akuapem alalc97 aluku anpezo ao1990 aranes ' +
  'arevela arevmda arkaika asante auvern baku1926 balanka barla basiceng bauddha bciav bcizbl biscayan ' +
  'biske blasl bohairic bohoric boont bornholm cisaup colb1945 cornu creiss dajnko ekavsk emodeng fascia ' +
  'fayyumic fodom fonipa fonkirsh fonnapa fonupa fonxsamp gallo gascon gherd grclass grital grmistr hanoi ' +
  'hepburn heploc hognorsk hsistemo huett ijekavsk itihasa ivanchov jauer jyutping kkcor kleinsch kociewie ' +
  'kscor laukika leidentr lemosin lengadoc lipaw ltg1929 ltg2007 luna1918 lycopol mdcegyp mdctrans mesokem ' +
  'metelko monoton ndyuka nedis newfound nicard njiva nulik osojs oxendict pahawh2 pahawh3 pahawh4 pamaka ' +
  'peano pehoeji petr1708 pinyin polyton provenc puter rigik rozaj rumgr sahidic saigon scotland scouse ' +
  'simple solba sotav spanglis surmiran sursilv sutsilv synnejyl tailo tarask tongyong tunumiit uccor ' +
  'ucrcor ulster unifon vaidika valbadia valencia vallader vecdruka viennese vivaraup wadegile xsistemo';

let known: { twoLetters: ReadonlySet<string>; threeLetters: Buffer; others: ReadonlySet<string> } | undefined;

/** Read when the first language is checked. */
function subtags() {
  known ??= {
    twoLetters: new Set(TWO_LETTERS.split(' ')),
    threeLetters: Buffer.from(THREE_LETTERS, 'base64'),
    others: new Set(`${SCRIPTS} ${REGIONS} ${VARIANTS}`.toLowerCase().split(' ')),
  };
  return known;
}

/** Whether this subtag, in small letters, is a language of two or three letters. */
export function isLanguageSubtag(subtag: string): boolean {
  if (!/^[a-z]{2,3}$/.test(subtag)) return false;
  const { twoLetters, threeLetters } = subtags();
  if (subtag.length === 2) return twoLetters.has(subtag);
  const index = [...subtag].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 97, 0);
  return (((threeLetters[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

/** Whether this subtag, in small letters, is a script, a region or a variant: their lengths tell them apart. */
export function isOtherSubtag(subtag: string): boolean {
  return subtags().others.has(subtag);
}
