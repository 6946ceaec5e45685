import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { objectIn } from '../../nodes/shared/http/response';
import type { CredentialData, RunResult } from '../engine';
import { credentialsFor, openEngine, play, scenes, type Scene } from '../scenes';
import { oneOf } from '../everything';
import { cards, faultNames, startSimulator, type Fault, type Simulator } from '../simulator';

/** Marked secrets: nothing else in a run looks like them. They hold what formats escape. */
const PASSWORD = 'Sesame/open+"now" & <40%> é~\\ok:$,;';
const API_KEY = 'k3y-0f-M4rk&ed/Val+ue=="<é>';
const CARD = { ...cards.amex, securityCode: '9517' };

/** The spellings in which a secret could come out of a text, a form or URL, JSON or XML, or in base64. */
function spellingsOf(secret: string): string[] {
	const xml = secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
	const plain = [
		secret,
		xml,
		xml.replace(/"/g, '&quot;'),
		secret.replace(/[^A-Za-z0-9]/g, (char) => `&#${char.codePointAt(0)};`),
		JSON.stringify(secret).slice(1, -1),
		secret.replace(/"/g, '\\"').replace(/\//g, '\\/').replace(/é/g, '\\u00e9'),
	];
	const encoded = [
		encodeURIComponent(secret),
		new URLSearchParams({ s: secret }).toString().slice(2),
		// What axios leaves as it is in a query.
		encodeURIComponent(secret)
			.replace(/%3A/g, ':')
			.replace(/%24/g, '$')
			.replace(/%2C/g, ',')
			.replace(/%20/g, '+'),
	];
	const lowerCase = encoded.map((text) => text.replace(/%../g, (byte) => byte.toLowerCase()));
	const base64 = Buffer.from(secret).toString('base64');
	const based = [base64, base64.replace(/\+/g, '-').replace(/\//g, '_'), encodeURIComponent(base64)];
	return [...new Set([...plain, ...encoded, ...lowerCase, ...based])];
}

const cardNumbers = [CARD.number, CARD.number.replace(/(\d{4})(\d{6})(\d{5})/, '$1 $2 $3')];
/** What is secret in a run of a scene: the log-in, and the card where it pays with one. */
function secretsOf({ provider, parameters }: Scene): string[] {
	if (provider === 'mailPartner') return spellingsOf(API_KEY);
	const basic = Buffer.from(`awesomeuser:${PASSWORD}`).toString('base64');
	return [
		...spellingsOf(PASSWORD),
		...(provider === 'click2mail' ? [basic] : []),
		...(paysByCard({ provider, parameters }) ? cardNumbers : []),
	];
}

function paysByCard({ provider, parameters }: Pick<Scene, 'provider' | 'parameters'>): boolean {
	return (
		parameters.paymentMethod === 'card' ||
		(provider === 'click2mail' && parameters.resource === 'credit' && parameters.operation !== 'getBalance')
	);
}

/** Everything that n8n shows, keeps or logs of a run. */
function everythingOf(result: RunResult): string {
	const errors: unknown[] = [];
	for (let error: unknown = result.error; error !== undefined && error !== null && errors.length < 8;) {
		const link = error as { cause?: unknown };
		errors.push(
			Object.fromEntries(Object.getOwnPropertyNames(link).map((name) => [name, link[name as 'cause']])),
		);
		error = link.cause;
	}
	const texts = [
		result.output('Node', 0),
		result.output('Node', 1),
		errors,
		result.hints,
		result.runData,
		result.contextData,
		result.executionData,
	].map((part) => serialised(part));
	return [...texts, result.stored, ...result.logs].join('\n');
}

function serialised(value: unknown): string {
	const seen = new Set<unknown>();
	return JSON.stringify(value, (_key, inner: unknown) => {
		if (typeof inner !== 'object' || inner === null) return inner;
		if (seen.has(inner)) return undefined;
		seen.add(inner);
		return inner instanceof Error
			? Object.fromEntries(Object.getOwnPropertyNames(inner).map((name) => [name, inner[name as 'message']]))
			: inner;
	});
}

/** A random ID of a workflow or a mark, one in some thousand of which has the four digits of the security code in it. */
const IDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Secrets that came out, each with what stands around it. */
function leaksIn(text: string, scene: Scene): string[] {
	// What comes out is written as JSON, some of it twice.
	const once = secretsOf(scene).flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
	const spelled = once.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
	const found = [...new Set(spelled)].flatMap((secret) => {
		const place = text.indexOf(secret);
		return place < 0 ? [] : [text.slice(Math.max(0, place - 80), place + secret.length + 20)];
	});
	if (!paysByCard(scene)) return found;
	const shown = text.replace(IDS, '');
	const code = shown.search(new RegExp(`(?<![0-9A-Za-z.])${CARD.securityCode}(?![0-9A-Za-z])`));
	return code < 0 ? found : [...found, shown.slice(Math.max(0, code - 80), code + 24)];
}

function marked(simulator: Simulator): CredentialData {
	simulator.click2mail.books.password = PASSWORD;
	simulator.clubTexting.books.password = PASSWORD;
	simulator.ezTexting.books.password = PASSWORD;
	simulator.mailPartner.books.apiKey = API_KEY;
	const credentials = credentialsFor(simulator);
	const given: Record<string, ICredentialDataDecryptedObject> = {
		click2MailApi: { ...credentials.click2MailApi, password: PASSWORD },
		clubTextingApi: { ...credentials.clubTextingApi, password: PASSWORD },
		ezTextingApi: { ...credentials.ezTextingApi, password: PASSWORD },
		mailPartnerApi: { ...credentials.mailPartnerApi, apiKey: API_KEY },
		paymentCardApi: { ...CARD },
	};
	return given;
}

/** Every fault of the simulator; a provider that repeats all it was sent in several ways. */
const faults: Array<[string, Fault | undefined]> = [
	['nothing', undefined],
	...faultNames
		.filter((name) => name !== 'body')
		.map((name): [string, Fault] => [name, { fault: name, delayMs: 50, megabytes: 1 }]),
	['echoSecrets inside 200', { fault: 'echoSecrets', status: 200 }],
	['echoSecrets with 401', { fault: 'echoSecrets', status: 401 }],
	['echoSecrets with 500', { fault: 'echoSecrets', status: 500 }],
];

/** A success whose every text repeats the secrets, and a refusal that spells them in every way. */
const echoes: Record<Scene['provider'], (echo: string) => string[]> = {
	click2mail: (echo) => [
		`<credit><status>0</status><balance>5</balance><description>${escaped(echo)}</description><statusUrl>${escaped(echo)}</statusUrl></credit>`,
		`<credit><status>2</status><description>${escaped(echo)}</description></credit>`,
		`<html>${escaped(echo)}</html>`,
		echo,
	],
	ezTexting: (echo) => [
		JSON.stringify({
			...{
				id: '7',
				phoneNumber: echo,
				firstName: echo,
				note: echo,
				keyword: echo,
				available: true,
				name: echo,
			},
			...{ joinMessage: echo, totalCredits: 5, message: echo, status: echo, values: { [echo]: echo } },
			...{ content: [{ id: echo, name: echo, phoneNumber: echo, message: echo }], last: true },
			delivery: { bounced: { data: 1 } },
			password: PASSWORD,
		}),
		JSON.stringify({ status: 400, title: echo, detail: echo, errors: [{ code: echo, message: echo }] }),
		`<html>${escaped(echo)}</html>`,
		echo,
	],
	clubTexting: (echo) => [
		JSON.stringify({
			Response: {
				Status: 'Success',
				Code: 200,
				Entry: {
					ID: 7,
					Keyword: echo,
					Available: true,
					JoinMessage: echo,
					ForwardUrl: echo,
					ContactGroupIDs: [echo],
					StampToSend: echo,
					PlanCredits: 1,
					AnytimeCredits: 1,
					TotalCredits: 2,
					BoughtCredits: 9,
					PhoneNumber: echo,
					CarrierName: echo,
					Password: PASSWORD,
					Number: CARD.number,
					SecurityCode: CARD.securityCode,
				},
			},
		}),
		JSON.stringify({ Response: { Status: 'Failure', Code: 403, Errors: [echo] } }),
		`<Response><Status>Failure</Status><Code>403</Code><Errors><Error>${escaped(echo)}</Error></Errors></Response>`,
		echo,
	],
	mailPartner: (echo) => [
		JSON.stringify({
			success: true,
			code: 200,
			subaccount: { email: echo, token: echo },
			sendConfirmMailTo: echo,
			parent_email: echo,
			credit: 5,
			subaccountCredit: 5,
			currency: echo,
			user: { username: echo },
			credits: { balance: 5, currency: echo },
			data: [
				{ token: 'token-of-owl', email: echo, apiKey: API_KEY, credits: { balance: 5, currency: echo } },
			],
			total: 1,
		}),
		JSON.stringify({ success: false, code: 7, message: echo }),
		JSON.stringify({ success: false, code: 7, errors: [{ message: echo }], error: [echo] }),
		echo,
	],
};

function escaped(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** One run: a scene, and what goes wrong in it. */
interface Task {
	scene: Scene;
	trouble: string;
	fault: Fault | undefined;
	onError: 'stopWorkflow' | 'continueErrorOutput';
}

function tasksOf(scene: Scene): Task[] {
	const echo = [...secretsOf(scene), ...(paysByCard(scene) ? [`code ${CARD.securityCode}`] : [])].join(' | ');
	const bodies = echoes[scene.provider](echo).flatMap((body, place) =>
		[200, 400, 500].map((status): [string, Fault] => [
			`echo ${place} with ${status}`,
			{ fault: 'body', body, status },
		]),
	);
	// Where something is read before or after the act, the trouble is either everywhere or with the act alone.
	const places = scene.before || scene.after ? [undefined, scene.request] : [undefined];
	// What repeats nothing is the same in every mode.
	const modes = (trouble: string): Array<Task['onError']> =>
		/echo/i.test(trouble) ? ['stopWorkflow', 'continueErrorOutput'] : ['continueErrorOutput'];
	return [...faults, ...bodies].flatMap(([trouble, fault]) =>
		places.flatMap((operation) =>
			modes(trouble).map((onError) => ({
				scene,
				trouble,
				fault: fault && { ...fault, provider: scene.provider, operation, times: Infinity },
				onError,
			})),
		),
	);
}

async function leaksOf({ scene, fault, onError }: Task, simulator: Simulator): Promise<string[]> {
	const credentials = marked(simulator);
	scene.prepare?.(simulator);
	if (fault) simulator.order(fault);
	const result = await play(openEngine(), simulator, scene, {
		credentials,
		onError,
		parameters: { options: { includeRawReply: true, timeout: 1000 } },
	});
	return leaksIn(everythingOf(result), scene);
}

const leaks = new Map<Scene, string[]>(scenes.map((scene) => [scene, []]));
/** Most of them wait for time-outs and for reads to be repeated. */
const AT_A_TIME = 100;

beforeAll(async () => {
	// An odd number: where there are two modes, they take turns.
	const tasks = scenes.flatMap(tasksOf).filter((_, place) => place % oneOf(29) === 0);
	await Promise.all(
		Array.from({ length: AT_A_TIME }, async () => {
			const simulator = await startSimulator();
			for (let task = tasks.shift(); task; task = tasks.shift()) {
				for (const leak of await leaksOf(task, simulator)) {
					leaks.get(task.scene)!.push(`${task.trouble}, ${task.onError}: ${leak}`);
				}
				simulator.reset();
			}
			await simulator.close();
		}),
	);
});

it.each(scenes)('$name: no secret comes out, whatever goes wrong and whatever is repeated', (scene) => {
	expect(leaks.get(scene)).toEqual([]);
});

it.each(scenes.filter((scene) => scene.effects))('$name: none in a dry run', async (scene) => {
	const simulator = await startSimulator();
	const credentials = marked(simulator);
	scene.prepare?.(simulator);
	const result = await play(openEngine(), simulator, scene, { credentials, parameters: { dryRun: true } });
	await simulator.close();
	expect(result.output()[0]?.json).toMatchObject({
		dryRun: true,
		request: { method: expect.any(String) as string },
	});
	expect(leaksIn(everythingOf(result), scene)).toEqual([]);
	if (!paysByCard(scene)) return;
	// Nothing of the card: neither name and address nor when it expires.
	const shown = result.output().flatMap(({ json }) => Object.values(objectIn(objectIn(json.request).body)));
	const ofCard: unknown[] = [`${CARD.firstName} ${CARD.lastName}`, ...Object.values(CARD)];
	expect(shown.filter((value) => ofCard.includes(value))).toEqual([]);
	expect(shown).toContain('***');
});

it.each(scenes)('$name: the search finds what does leak', (scene) => {
	for (const secret of secretsOf(scene)) {
		expect(leaksIn(`before ${secret} after`, scene)).not.toEqual([]);
		expect(leaksIn(JSON.stringify({ error: secret }), scene)).not.toEqual([]);
	}
	const code = leaksIn(`SecurityCode: '${CARD.securityCode}' is not valid`, scene);
	expect(code.length > 0).toBe(paysByCard(scene));
});
