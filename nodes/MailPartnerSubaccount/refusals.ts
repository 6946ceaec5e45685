import { adviceByStatus, waiting } from '../shared/http/statusAdvice';
import type { Refusal } from '../shared/provider';
import { shown } from '../shared/values/text';

/** What a person can do about a refusal, for a provider by its name. */
type Advice = string | ((provider: string) => string);

/** What a refusal means, what a person can do about it, and the provider's own words for it, without accents. */
type Meaning = readonly [says: string, advice: Advice, words: RegExp];

/** Of a meaning whose words stand for another one as well: the operation tells which. */
const NO_WORDS = /(?!)/;

const ask = (what: string) => (provider: string) => `Nothing was changed. Ask ${provider} ${what}.`;

const CHECK_KEY = 'Check the API key and the environment in the MailPartner credential.';
const UNEXPECTED = ask('about it, since this node sends it with every request');
const BUY_OR_MOVE_LESS = 'Nothing was moved. Buy credit for the account that pays, or move less.';
const BUY_OR_START_WITH_LESS = 'Nothing was created. Buy credit, or give less in “Starting Credit” or none.';
const TAKE_LESS = 'Nothing was moved. Take less; “Get” shows what the sub-account has.';

/** Source: MailPartner, the error tables of the sub-account pages and the one that all its calls share. */
const MEANINGS = {
	noKey: ['it got no API key', CHECK_KEY, /cle api est requise/],
	wrongKey: [
		'the API key is wrong',
		CHECK_KEY,
		/cle?f? api incorrecte|api key (is )?(invalid|wrong)|invalid api key/,
	],
	noPhone: [
		'it says that a phone number is missing',
		(provider) =>
			`Nothing was created. No field of this call takes a phone number. Ask ${provider} whether sub-accounts are enabled for your account, and whether it lacks a phone number.`,
		/numero de telephone est requis|phone number is required/,
	],
	notEnabled: [
		'this account may not create sub-accounts',
		ask('whether sub-accounts are enabled for your account'),
		/autorise a creer des sous-comptes|(allowed|authori[sz]ed) to create sub-?accounts/,
	],
	noBuyer: ['it did not get “Is Buyer”', UNEXPECTED, /isbuyer est requis/],
	noType: ['it did not get “Type”', UNEXPECTED, /le type est requis/],
	unknownType: [
		'it does not know this “Type” of sub-account',
		ask('which types your account may create'),
		/type de sous-compte n'existe pas/,
	],
	noEmail: [
		'“Email” is empty or no address that it takes',
		'Nothing was created. Give the address of the holder in “Email”.',
		/l'email est requis/,
	],
	emailTaken: [
		'an account with this “Email” exists already',
		'Nothing was created. Use another email, or look the sub-account up with “Get Many”.',
		/un compte existe deja/,
	],
	startingCredit: [
		'“Starting Credit” has to be above 0',
		'Nothing was created. Give more than 0, or remove the field.',
		/credittoattribute doit etre superieure? a 0/,
	],
	nothingLeft: [
		'the account that pays has no credit left',
		BUY_OR_MOVE_LESS,
		/balance doit etre superieure? a 0/,
	],
	noAmount: ['it did not get “Amount”', UNEXPECTED, /le (champ )?credit est requis/],
	noSubaccount: [
		'it did not get the token of “Subaccount”',
		UNEXPECTED,
		/identifiant du sous-compte est requis|tokensubaccount est requis/,
	],
	mayNotMove: [
		'this account may not move credit to or from “Subaccount”',
		ask('whether your account may move credit, and whether the sub-account is yours'),
		/n'avez pas l'auth?orisation/,
	],
	smallAmount: [
		'“Amount” has to be above 0',
		'Nothing was moved. Give more than 0 in “Amount”.',
		/credit (a attribuer )?doit etre superieure? a 0/,
	],
	unknownSubaccount: [
		'there is no such “Subaccount”',
		'Nothing was moved. Look up the sub-account’s token with “Get Many”.',
		/sous-compte (n'existe pas|est introuvable)/,
	],
	tooLittle: ['the account that pays has too little credit', BUY_OR_MOVE_LESS, /credit insuff?isant/],
	nothingToStart: ['the account that pays has no credit left', BUY_OR_START_WITH_LESS, NO_WORDS],
	tooLittleToStart: ['the account that pays has too little credit', BUY_OR_START_WITH_LESS, NO_WORDS],
	subaccountEmpty: ['the sub-account has no credit left', TAKE_LESS, NO_WORDS],
	subaccountLacks: ['the sub-account has too little credit', TAKE_LESS, NO_WORDS],
	closed: ['the account is closed', ask('how to open it again'), /compte desactive/],
	blocked: ['the account is blocked', ask('how to open it again'), /compte bloque/],
	noApi: [
		'the account may not use the API',
		ask('to switch API access on for your account'),
		/acces a l'api est refuse/,
	],
	malformed: ['it could not read the request', ask('about it, or update this package'), /json est malforme/],
	otherAddress: [
		'it does not take requests from the IP address of this n8n',
		ask('to allow the IP address of this n8n'),
		/l'ip n'est pas autorisee/,
	],
	tooMany: ['there were too many requests within a minute', waiting, /trop de requetes/],
} satisfies Record<string, Meaning>;

type Name = keyof typeof MEANINGS;

/** What a code means in every call. */
const COMMON: Record<string, Name> = {
	1: 'noKey',
	10: 'wrongKey',
	11: 'tooLittle',
	20: 'closed',
	30: 'blocked',
	40: 'noApi',
	90: 'malformed',
	96: 'otherAddress',
	429: 'tooMany',
};
/** The tables of the two pages. */
const CREATING: Record<string, Name> = {
	2: 'noPhone',
	3: 'noBuyer',
	4: 'noType',
	5: 'unknownType',
	6: 'noEmail',
	7: 'emailTaken',
	8: 'startingCredit',
	9: 'nothingLeft',
};
const MOVES = /^credit\.(add|remove|topUp)$/;
const MOVING: Record<string, Name> = {
	2: 'noAmount',
	3: 'noSubaccount',
	4: 'mayNotMove',
	5: 'smallAmount',
	6: 'nothingLeft',
	7: 'unknownSubaccount',
	8: 'tooLittle',
};

/** What a meaning comes to in an operation: who pays differs. */
const IN_OPERATION: Record<string, Partial<Record<Name, Name>>> = {
	'subaccount.create': {
		mayNotMove: 'notEnabled',
		nothingLeft: 'nothingToStart',
		tooLittle: 'tooLittleToStart',
	},
	'credit.remove': { nothingLeft: 'subaccountEmpty', tooLittle: 'subaccountLacks' },
};

/** What stands where the provider gives no words. */
const WORDLESS = /^the request \(code (\d+)\)$/;

/** The provider's words in English, with the words themselves behind it; the words alone where nobody documents them. */
export function reasonOf(refusal: Refusal): string {
	const { message } = refusal;
	const fields = fieldsNamedIn(message);
	if (fields.length > 0) return `it does not accept what stands in ${fields.join(' and ')} (${message})`;
	const found = meaningOf(refusal);
	if (!found) return message;
	const [says] = found.meaning;
	return `${found.isCertain ? '' : 'probably, '}${says} (${message.replace(WORDLESS, 'code $1')})`;
}

export function adviceOf(refusal: Refusal): string {
	const { provider, httpStatus, code, message } = refusal;
	const fields = fieldsNamedIn(message);
	if (fields.length > 0) return `Nothing was changed. Correct ${fields.join(' and ')}, and try again.`;
	const found = meaningOf(refusal);
	if (found) {
		const [, advice] = found.meaning;
		return typeof advice === 'string' ? advice : advice(provider);
	}
	if (httpStatus === 401) return CHECK_KEY;
	if (code === undefined) return adviceByStatus(refusal);
	return `Nothing was changed. These are the words of ${provider}, which documents no code ${code} here: ask its support.`;
}

/** The words count before the code: the table that all calls share numbers some of them otherwise. */
function meaningOf({ code = '', operation, message }: Refusal) {
	const meanings: Record<Name, Meaning> = MEANINGS;
	const own = operation === 'subaccount.create' ? CREATING : MOVES.test(operation) ? MOVING : undefined;
	const byCode = own?.[code] ?? COMMON[code];
	const words = plain(message);
	const said = (Object.keys(meanings) as Name[]).find((name) => meanings[name][2].test(words));
	// Whatever an account may not do is said in the same words: the operation tells what, or a code that all calls share.
	const byWords = said === 'mayNotMove' && (!own || code in COMMON) ? undefined : said;
	const name = byWords ?? byCode;
	if (name === undefined) return undefined;
	return {
		meaning: meanings[IN_OPERATION[operation]?.[name] ?? name],
		isCertain: byWords !== undefined || code in COMMON || WORDLESS.test(message),
	};
}

/** No known words are longer. In characters. */
const LONGEST_KNOWN = 1000;

function plain(text: string): string {
	return text
		.slice(0, LONGEST_KNOWN)
		.normalize('NFD')
		.replace(/\p{M}/gu, '')
		.replace(/[’`´]/g, "'")
		.replace(/\s+/g, ' ')
		.toLowerCase();
}

/** The editor's labels of what the requests name otherwise. */
const LABELS: Record<string, string> = {
	apiKey: 'API Key',
	type: 'Type',
	email: 'Email',
	isBuyer: 'Is Buyer',
	creditToAttribute: 'Starting Credit',
	title: 'Title',
	firstname: 'First Name',
	lastname: 'Last Name',
	credit: 'Amount',
	tokenSubaccount: 'Subaccount',
};

/** A field as the editor calls it, from its name in a reply, such as `children[parameters].children[email].data`. */
export function labelled(name: string): string {
	const inBrackets = [...name.matchAll(/\[(\w+)\]/g)].at(-1)?.[1];
	const last =
		inBrackets ??
		name
			.replace(/\.data$/, '')
			.split('.')
			.at(-1)!;
	return `“${Object.hasOwn(LABELS, last) ? LABELS[last] : shown(last)}”`;
}

function fieldsNamedIn(message: string): string[] {
	return [...new Set([...message.matchAll(/(?:^|; |\()(“[^“”]+”): /g)].map(([, field]) => field!))];
}
