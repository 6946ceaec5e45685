import { supported } from '../../nodes/ClubTexting/text';
import { incomingIn } from '../../nodes/ClubTexting/incoming';
import { numbersIn } from '../../nodes/shared/sms/phoneNumber';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { carries, tokenIn } from '../../nodes/ClubTexting/token';
import { mailPartner } from '../../nodes/MailPartnerSubaccount/provider';
import { adviceOf, labelled, reasonOf } from '../../nodes/MailPartnerSubaccount/refusals';
import { assertGoesTo } from '../../nodes/shared/http/baseUrl';
import { numberIn, readBody } from '../../nodes/shared/http/response';
import { parseXml } from '../../nodes/shared/http/xml';
import { redactorOf } from '../../nodes/shared/redact';
import { isEmail, shown, trimmed, withoutInvisible } from '../../nodes/shared/values/text';
import { isoOf } from '../../nodes/shared/values/time';
import { longest, SECRETS, sourcePatterns, taken } from './sourcePatterns';

const reply = (text: string, status = 200) => ({ status, headers: {}, text });
const fill = (text: string, signs: number) => text.repeat(Math.ceil(signs / text.length));
const password = redactorOf(SECRETS);
const longPassword = redactorOf(['\\'.repeat(500)]);
const refusal = (message: string) => ({
	provider: 'MailPartner',
	code: '9',
	httpStatus: 200,
	operation: 'subaccount.create',
	message,
});

/** A message, or why it is none. */
function written(treatment: 'reject' | 'replace' | 'remove', text: string): void {
	try {
		supported(text, 'Message', treatment, 'Club Texting');
	} catch {
		// It may be too long, or contain what can't be sent.
	}
}

/** Each place where patterns read what comes in, with the texts that keep a careless one busy the longest. */
export const worst: Array<[name: string, work: (signs: number) => void]> = [
	...['7', '"', ' ', '+', '(', '1.', '"7', 'tel:'].map((sign): [string, (signs: number) => void] => [
		`a callback's sender of ${JSON.stringify(sign)}`,
		(signs) => void incomingIn({ from: `1${fill(sign, signs)}x`, message: 'Hi' }, {}),
	]),
	['numbers in a reply', (signs) => void numbersIn(fill('1  ', signs))],
	['numbers in a reply, of digits alone', (signs) => void numbersIn(fill('7', signs))],
	['blanks inside a text', (signs) => void trimmed(`x${fill(' ', signs)}x`)],
	['marks nobody sees inside a text', (signs) => void trimmed(`x${fill('\uFEFF', signs)}x`)],
	['the same, left out', (signs) => void withoutInvisible(`x${fill('\uFEFF\u200B', signs)}x`)],
	['a text as an error shows it', (signs) => void shown(fill('\u200B', signs))],
	['combining marks, replaced', (signs) => void written('replace', `e${fill('\u0301\u0323', signs)}`)],
	['combining marks, removed', (signs) => void written('remove', `e${fill('\u0301', signs)}`)],
	[
		'combining marks, as many as are looked at',
		(signs) => written('replace', `e${fill('\u0301\u0323', Math.min(signs, 4998))}`),
	],
	['bullets, replaced', (signs) => void written('replace', fill('• |·', signs))],
	[
		'emoji, replaced and removed',
		(signs) => void [written('replace', fill('😀a', signs)), written('remove', fill('😀a', signs))],
	],
	['signs that are not sent', (signs) => void written('reject', fill('≠²', signs))],
	['an email', (signs) => void isEmail(`${fill('a.', signs)}@${fill('b-.', signs)}`)],
	['a date', (signs) => void isoOf(`2026-12-24${fill(' ', signs)}x`)],
	['a number', (signs) => void numberIn(`${fill(' ', signs)}7${fill(' ', signs)}x`)],
	['a token of blanks', (signs) => void tokenIn(`x${fill(' ', signs)}x`)],
	['a URL with a token', (signs) => void carries(`/?token=${fill('%20', signs)}x`, 'honey&pot')],
	['JSON of quotes', (signs) => void readBody(reply(`{${fill('\\"', signs)}`))],
	['JSON of texts', (signs) => void readBody(reply(`[${fill('"1",', signs)}1]`))],
	['JSON of digits', (signs) => void readBody(reply(`[${fill('9', signs)}]`))],
	['JSON of brackets', (signs) => void readBody(reply(fill('[', signs)))],
	['XML of brackets', (signs) => void readBody(reply(fill('<', signs)), parseXml)],
	['XML of elements', (signs) => void readBody(reply(`<a>${fill('<b>1</b>', signs)}</a>`), parseXml)],
	['errors that do not end', (signs) => void clubTexting.classify(reply(fill('<Error>', signs), 403))],
	['errors at MailPartner', (signs) => void mailPartner.classify(reply(fill('{"', signs)))],
	['a field in brackets', (signs) => void labelled(fill('children[', signs))],
	['a field of words', (signs) => void labelled(fill('a[b', signs))],
	[
		'a refusal of quotes',
		(signs) => void [reasonOf(refusal(fill('; “', signs))), adviceOf(refusal(fill('(“a', signs)))],
	],
	['backslashes beside a password', (signs) => void password(`${fill('\\', 39)}x`.repeat(signs / 40))],
	['a long run of backslashes', (signs) => void password(`x${fill('\\', signs)}x`)],
	[
		'backslashes beside a long password of them',
		(signs) => void longPassword(`${fill('\\', 499)}x`.repeat(signs / 500)),
	],
	['codes beside a password', (signs) => void password(fill('&#0000', signs))],
	['digits beside a card', (signs) => void password(fill('4 - ', signs))],
	[
		'slashes behind an address',
		(signs) => {
			try {
				assertGoesTo('https://a.example', { url: '/x', baseURL: `https://a.example${fill('/', signs)}x` });
			} catch {
				// It may be no address.
			}
		},
	],
];

/** What kept the event loop waiting, and for how long, in ms of processor time. */
export interface Stall {
	what: string;
	few: number;
	many: number;
}

/** How long the event loop stands still at most, for each pattern of the sources and for each place above. */
export interface Stalls {
	few: number;
	many: number;
	patterns: Stall[];
	places: Stall[];
}

const FEW = 1000;
const MANY = 100_000;

/** @param turns of each; the fastest counts: the collection of garbage falls into some of the others */
function stalls(turns: number): Stalls {
	const placed = worst.map(([what, work]): Stall => {
		const [few, many] = [FEW, MANY].map((signs) => {
			return Math.min(...Array.from({ length: turns }, () => taken(() => work(signs))));
		});
		return { what, few: few!, many: many! };
	});
	const patterns = sourcePatterns().map((found): Stall => {
		const what = `\`${found.where}\``;
		return { what, few: longest(found, FEW, turns), many: longest(found, MANY, turns) };
	});
	return { few: FEW, many: MANY, patterns, places: placed };
}

// Forked by `npm run bench`; alone, `npx tsx test/bench/patterns.ts` prints the slowest.
if (require.main === module) {
	const found = stalls(5);
	if (process.send) process.send(found);
	else {
		const slowest = [...found.patterns, ...found.places].sort((a, b) => b.many - a.many).slice(0, 20);
		for (const { what, few, many } of slowest)
			console.log(what.padEnd(70), ...[few, many].map((ms) => `${ms.toFixed(1)} ms`.padStart(12)));
	}
}
