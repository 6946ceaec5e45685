import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import { draftOf, type Draft, type Mail } from '../../nodes/Click2Mail/draft';
import { get as getJob } from '../../nodes/Click2Mail/resources/job/get';
import { getCost } from '../../nodes/Click2Mail/resources/job/getCost';
import { submitOf } from '../../nodes/Click2Mail/submit';
import { balanceIn, purchaseOf } from '../../nodes/Click2MailCredit/credit';
import { click2Mail } from '../../nodes/Click2MailCredit/provider';
import { balanceIn as creditsIn, buyCredits } from '../../nodes/ClubTexting/credit';
import { settingsIn } from '../../nodes/ClubTexting/keyword';
import { clubTexting } from '../../nodes/ClubTexting/provider';
import { cancel } from '../../nodes/ClubTexting/resources/keyword/cancel';
import { checkAvailability } from '../../nodes/ClubTexting/resources/keyword/checkAvailability';
import { receiptIn } from '../../nodes/ClubTexting/resources/message/receipt';
import { CLUB_TEXTING_WIRE } from '../../nodes/ClubTexting/resources/message/wire';
import { RequestPlan, type Batch, type Campaign, type Due } from '../../nodes/shared/sms/plan';
import { lookUpCarrier } from '../../nodes/ClubTexting/resources/phoneNumber/lookUpCarrier';
import { transfer } from '../../nodes/MailPartnerSubaccount/credit';
import { balanceIn as ezBalanceIn } from '../../nodes/EzTexting/credit';
import { contactIn } from '../../nodes/EzTexting/contact';
import { ezTexting } from '../../nodes/EzTexting/provider';
import { checkAvailability as checkEzKeyword } from '../../nodes/EzTexting/resources/keyword/checkAvailability';
import { EZ_TEXTING_WIRE } from '../../nodes/EzTexting/resources/message/wire';
import { mailPartner } from '../../nodes/MailPartnerSubaccount/provider';
import { create } from '../../nodes/MailPartnerSubaccount/resources/subaccount/create';
import { isUsable, pageIn } from '../../nodes/MailPartnerSubaccount/subaccountList';
import { OperationError } from '../../nodes/shared/errors';
import type { Step } from '../../nodes/shared/operation/types';
import { checkedCard } from '../../nodes/shared/paymentCard';
import { evaluate } from '../../nodes/shared/http/evaluate';
import type { HttpRequest, Provider } from '../../nodes/shared/provider';
import { openBench } from '../harness';
import { runs } from '../everything';
import { sceneOf } from '../scenes';
import { cards } from '../simulator';
import { writeNamedXml, writePositionalXml } from '../simulator/xml';
import type { Content, Value } from '../simulator/wire';

// --- any body with HTTP 200 ---------------------------------------------------------------------------------------

/** What a reply comes to, where it is a success. @throws OperationError */
type Weigh = <T>(parse: (data: unknown) => T) => T;

/** One kind of reply: a success as the provider writes it, what reads it, and what it can't do without. */
interface Kind {
	name: string;
	success: Content;
	read(weigh: Weigh): IDataObject | Promise<IDataObject>;
	/** Keys of the entry without which a success says nothing, each with the field it becomes, if it becomes one. */
	needs: Array<[key: string, field?: string]>;
	/** What it needs may be empty, which says that there is none. */
	mayBeEmpty?: true;
	/** Where the provider's replies are read by what was asked. */
	request?: HttpRequest;
	/** What a text in XML has to hold, where that is more than the provider's others hold. */
	claimsInXml?: RegExp;
}

interface Sample {
	/** Of the provider, where that is not enough. */
	name?: string;
	provider: Provider;
	json(content: Content): string;
	xml(content: Content): string;
	/** The entry of a JSON body that claims success; undefined where it does not. */
	entryOf(body: Record<string, unknown>, kind: Kind): Record<string, unknown> | undefined;
	/** What a text in XML has to hold to claim success. */
	claimsInXml: RegExp;
	kinds: Kind[];
}

const card = { method: 'card', storedCardLastFour: '' } as const;
const visa = () => checkedCard(cards.visa);
const asking = (weigh: Weigh) =>
	({ read: async (_request: unknown, parse: (data: unknown) => unknown) => weigh(parse) }) as unknown as Step;

const sentHoney = {
	numbers: ['2125550101'],
	groups: [],
	campaign: { message: 'Honey is ready', extras: {} } as unknown as Campaign,
};

const letter: Mail = {
	kind: 'letter',
	print: { color: false, bothSides: false, certified: false },
	recipient: {
		firstName: 'Winnie',
		lastName: '',
		organization: '',
		address1: '100 Acre Wood',
		address2: '',
		city: 'Dayton',
		state: 'OH',
		zip: '45402',
		country: '',
	},
	reference: '',
};

/** Makes a draft; one of its requests gets the reply, and the others go well. */
async function drafted(weigh: Weigh, asked: string): Promise<Draft> {
	const step = {
		prepared: {},
		keepPrepared: () => undefined,
		tagFor: () => '0001',
		prepare: async ({ path }: HttpRequest, parse: (data: unknown) => unknown) =>
			path === asked ? weigh(parse) : parse({ id: '1' }),
		// The address list is ready.
		read: async () => 3,
	} as unknown as Step;
	const document = { format: 'PDF', identity: 'honey', url: 'https://example.com/honey.pdf' };
	return await draftOf(letter, document, step, 1000);
}

const isWhole = (value: unknown) => !isOdd(value) && /^\s*[1-9]\d*\s*$/.test(String(value));
const isDecimal = (value: unknown) =>
	!isOdd(value) && /^\s*-?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(String(value));

/** What is made of mail has a number and its own status 0, an address list one up to 3; what is paid, the status. */
function isMade({ status, id }: Record<string, unknown>, { name }: Kind): boolean {
	const good = name === 'addressList' ? /^\s*[0-3]\s*$/ : /^\s*0\s*$/;
	return !isOdd(status) && good.test(String(status)) && (name === 'submit' || isWhole(id));
}

/** What is read is there: a failure names nothing. A cost above 0 is one whatever stands beside it. */
function isRead({ status, id, cost }: Record<string, unknown>, { name }: Kind): boolean {
	const isFailure = !isOdd(status) && /^\s*[1-9]\s*$/.test(String(status));
	const names = (typeof id === 'number' || typeof id === 'string') && !isBlank(id);
	const isNone = /^\s*0\s*$/.test(String(id));
	if (name === 'cost' && isDecimal(cost) && Number(cost) > 0) return true;
	return !isNone && (names || !isFailure) && (name !== 'cost' || isDecimal(cost));
}

const MADE_IN_XML = /^(?=[^]*<status>\s*0\s*<\/status>)(?=[^]*<id>\s*[1-9]\d*\s*<\/id>)/;
const post = (path: string): HttpRequest => ({ method: 'POST', path });
const get = (path: string): HttpRequest => ({ method: 'GET', path });

const samples: Sample[] = [
	{
		name: 'Click2Mail, mail',
		provider: click2Mail,
		json: (content) => JSON.stringify(content),
		xml: (content) => writeNamedXml('job', content, { booleans: String, childOf: (list) => list }),
		entryOf(body, kind) {
			const isBare = 'status' in body || 'description' in body;
			const fields = isBare ? body : Object.values(body)[0];
			if (typeof fields !== 'object' || fields === null) return undefined;
			const entry = fields as Record<string, unknown>;
			return (kind.request?.method === 'GET' ? isRead : isMade)(entry, kind) ? entry : undefined;
		},
		claimsInXml: /^(?![^]*<id>\s*0\s*<\/id>)/,
		kinds: [
			{
				name: 'addressList',
				request: post('/addressLists'),
				success: { id: '481501', status: 0, description: 'Created' },
				read: async (weigh) => await drafted(weigh, '/addressLists'),
				needs: [['id', 'addressListId'], ['status']],
				claimsInXml: /^(?=[^]*<status>\s*[0-3]\s*<\/status>)(?=[^]*<id>\s*[1-9]\d*\s*<\/id>)/,
			},
			{
				name: 'document',
				request: post('/documents/url'),
				success: { id: '481502', status: 0, description: 'Success', pages: 2 },
				read: async (weigh) => await drafted(weigh, '/documents/url'),
				needs: [['id', 'documentId'], ['status']],
				claimsInXml: MADE_IN_XML,
			},
			{
				name: 'job',
				request: post('/jobs'),
				success: {
					id: '481503',
					status: 0,
					description: 'Created',
					statusUrl: 'https://example.com/jobs/481503',
				},
				read: async (weigh) => await drafted(weigh, '/jobs'),
				needs: [['id', 'jobId'], ['status']],
				claimsInXml: MADE_IN_XML,
			},
			{
				name: 'submit',
				request: post('/jobs/481503/submit'),
				success: { id: '481503', status: 0, description: 'Success', cost: '0.752' },
				read: (weigh) => ({ ...weigh((data) => submitOf('481503').parse(data)) }),
				needs: [['status']],
				claimsInXml: /<status>\s*0\s*<\/status>/,
			},
			{
				name: 'state',
				request: get('/jobs/481503'),
				success: { id: '481503', status: 9, description: 'Editing', com: false, errorMessage: '' },
				read: async (weigh) => (await getJob.run({ jobId: '481503' }, asking(weigh))) as IDataObject,
				needs: [['description', 'state']],
			},
			{
				name: 'cost',
				request: get('/jobs/481503/cost'),
				success: {
					id: '481503',
					status: 9,
					description: 'Success',
					cost: '0.752',
					totalTax: '0.0',
					standardCost: { quantity: 1, subtotal: '0.545' },
					productionCost: { quantity: 1, subtotal: '0.207' },
				},
				read: async (weigh) => (await getCost.run({ jobId: '481503' }, asking(weigh))) as IDataObject,
				needs: [['cost']],
				claimsInXml: /^(?![^]*<id>\s*0\s*<\/id>)|<cost>[\s.0]*[1-9]/,
			},
		],
	},
	{
		provider: click2Mail,
		json: (content) => JSON.stringify(content),
		xml: (content) => writeNamedXml('credit', content, { booleans: String, childOf: (list) => list }),
		entryOf: (body) => {
			const bare = 'status' in body || 'balance' in body;
			const fields = bare ? body : (body.credit as Record<string, unknown> | undefined);
			const status = fields?.status;
			return status === undefined ||
				status === null ||
				/^0$/.test(String(status)) ||
				isBlank(status) ||
				isOdd(status)
				? fields
				: undefined;
		},
		claimsInXml: /<credit[\s>]/,
		kinds: [
			{
				name: 'balance',
				success: { balance: '25.5', allowNegative: false },
				read: (weigh) => ({ ...weigh(balanceIn) }),
				needs: [['balance', 'balance']],
			},
			{
				name: 'purchase',
				success: {
					allowNegative: false,
					status: 0,
					description: 'Success',
					statusUrl: 'https://example.com/credit',
				},
				read: (weigh) => ({ ...weigh((data) => purchaseOf(20, visa()).parse(data)) }),
				needs: [['status', 'status']],
			},
		],
	},
	{
		provider: clubTexting,
		json: (content) => JSON.stringify({ Response: content }),
		xml: (content) =>
			writeNamedXml('Response', content, {
				booleans: (value) => (value ? '1' : '0'),
				childOf: (list) => ({ PhoneNumbers: 'PhoneNumber', Errors: 'Error' })[list] ?? 'Group',
			}),
		entryOf: (body) => {
			const response = body.Response as Record<string, unknown> | undefined;
			const saysYes = String(response?.Status).toLowerCase() === 'success';
			const code = response?.Code;
			const codeIsGood =
				!/^\s*-?\d+(\.\d+)?\s*$/.test(String(code)) || /^\s*2\d\d(\.\d+)?\s*$/.test(String(code));
			return saysYes && codeIsGood ? ((response?.Entry ?? {}) as Record<string, unknown>) : undefined;
		},
		claimsInXml: /<Status>success<\/Status>/i,
		kinds: [
			{
				name: 'send',
				success: succeeded({
					ID: 6419,
					Message: 'Honey is ready',
					RecipientsCount: 1,
					Credits: 2,
					StampToSend: '11-22-2026 9:30 AM',
					PhoneNumbers: ['2125550101'],
					LocalOptOuts: [],
					GlobalOptOuts: [],
				}),
				read: (weigh) => ({ ...weigh((data) => receiptIn(data, sentHoney)) }),
				needs: [['ID', 'id']],
			},
			{
				name: 'checkAvailability',
				success: succeeded({ Keyword: 'honey', Available: true }),
				read: async (weigh) =>
					(await checkAvailability.run({ keyword: 'honey' }, asking(weigh))) as IDataObject,
				needs: [['Available']],
			},
			{
				name: 'rent',
				success: succeeded({
					ID: 7,
					Keyword: 'honey',
					EnableDoubleOptIn: false,
					ContactGroupIDs: ['a', 'b'],
				}),
				read: (weigh) => weigh((data) => settingsIn(data, 'honey')),
				needs: [
					['ID', 'keywordId'],
					['Keyword', 'keyword'],
				],
			},
			{
				name: 'cancel',
				success: succeeded({}),
				read: (weigh) => ({
					done: weigh(
						(data) => cancel.request({ keyword: 'honey' }, { keyword: 'honey' }, visa)!.parse(data) as number,
					),
				}),
				// A deletion is confirmed by an HTTP 204 and by nothing that could stand in a 200.
				needs: [['a body can’t confirm it']],
			},
			{
				name: 'balance',
				success: succeeded({ PlanCredits: 1, AnytimeCredits: 2, TotalCredits: 3 }),
				read: (weigh) => weigh(creditsIn),
				needs: [['TotalCredits', 'totalCredits']],
			},
			{
				name: 'buy',
				success: succeeded({
					BoughtCredits: 9,
					Amount: 1.5,
					Discount: 0,
					PlanCredits: 1,
					AnytimeCredits: 2,
					TotalCredits: 3,
				}),
				read: (weigh) => weigh((data) => buyCredits(9, { payment: card, couponCode: '' }, visa).parse(data)),
				needs: [
					['BoughtCredits', 'boughtCredits'],
					['TotalCredits', 'totalCredits'],
				],
			},
			{
				name: 'carrier',
				success: succeeded({ PhoneNumber: '2125550101', CarrierName: 'ATTUS' }),
				read: async (weigh) =>
					(await lookUpCarrier.run({ phoneNumber: '2125550101' }, asking(weigh))) as IDataObject,
				needs: [['CarrierName', 'carrier']],
				mayBeEmpty: true,
			},
		],
	},
	{
		provider: ezTexting,
		json: (content) => JSON.stringify(content),
		xml: (content) => writeNamedXml('reply', content, { booleans: String, childOf: (list) => list }),
		entryOf: (body) =>
			typeof body.status === 'number' || (Array.isArray(body.errors) && body.errors.length > 0)
				? undefined
				: body,
		// It answers in JSON alone.
		claimsInXml: /(?!)/,
		kinds: [
			{
				name: 'send',
				success: { id: '271100000003' },
				read: (weigh) => ({ ...weigh((data) => EZ_TEXTING_WIRE.receiptIn(data, sentHoney)) }),
				needs: [['id', 'id']],
			},
			{
				name: 'balance',
				success: { planCredits: 1, anytimeCredits: 2, totalCredits: 3 },
				read: (weigh) => weigh(ezBalanceIn),
				needs: [['totalCredits', 'totalCredits']],
			},
			{
				name: 'contact',
				success: { phoneNumber: '12125550101', optOut: false, groups: [{ name: 'bees' }] },
				read: (weigh) => weigh(contactIn),
				needs: [['phoneNumber']],
			},
			{
				name: 'checkAvailability',
				success: { keyword: 'honey', available: true },
				read: async (weigh) => (await checkEzKeyword.run({ keyword: 'honey' }, asking(weigh))) as IDataObject,
				needs: [['available']],
			},
		],
	},
	{
		provider: mailPartner,
		json: (content) => JSON.stringify(content),
		xml: writePositionalXml,
		entryOf: (body) =>
			/^\s*(1|true)\s*$/i.test(String(body.success)) &&
			(!/^\s*-?\d+(\.\d+)?\s*$/.test(String(body.code)) || Number(body.code) === 200)
				? { ...body, ...(body.subaccount as object | undefined) }
				: undefined,
		claimsInXml: /<result>\s*<entry>(<!\[CDATA\[)?\s*(1|true)\s*(\]\]>)?<\/entry>/i,
		kinds: [
			{
				name: 'create',
				success: {
					success: true,
					code: 200,
					subaccount: { email: 'owl@example.com', token: 'token-of-owl' },
					parent_email: 'parent@example.com',
				},
				read: (weigh) =>
					weigh((data) =>
						create
							.request(
								{ type: 'simple', email: null },
								{
									type: 'simple',
									email: '',
									isBuyer: false,
									creditToAttribute: 0,
									title: '',
									firstName: '',
									lastName: '',
								},
								visa,
							)!
							.parse(data),
					),
				needs: [['token', 'token']],
			},
			{
				name: 'add',
				success: { success: true, code: 200, credit: 12.5, subaccountCredit: 10, currency: 'EUR' },
				read: (weigh) => weigh((data) => transfer('add', 'token-of-owl', 10).parse(data)),
				needs: [
					['credit', 'accountBalance'],
					['subaccountCredit', 'subaccountBalance'],
				],
			},
			{
				name: 'list',
				success: {
					success: true,
					code: 200,
					total: 1,
					page: 1,
					data: [
						{
							id: 1,
							token: 'token-of-owl',
							email: 'owl@example.com',
							credits: { balance: '1.5', currency: 'EUR' },
						},
					],
				},
				read: (weigh) => ({ found: weigh((data) => pageIn(data, 1)).entries.filter(isUsable).length }),
				needs: [['data']],
			},
		],
	},
];

function succeeded(entry: Content): Content {
	return { Status: 'Success', Code: 200, Entry: entry };
}

const isBlank = (value: unknown) => typeof value === 'string' && value.trim() === '';
/** Neither text nor number. */
const isOdd = (value: unknown) => typeof value === 'object' || typeof value === 'boolean';

/** Weighs one reply as the pipeline does, without repeating anything. */
function weighing(provider: Provider, text: string, request?: HttpRequest): Weigh {
	return (parse) => {
		const { verdict } = evaluate(
			provider,
			{ status: 200, headers: {}, text },
			parse,
			(secret) => secret,
			request,
		);
		if (verdict.kind === 'done') return verdict.value;
		if (verdict.kind === 'refused') throw new OperationError('refused', verdict.message);
		throw new OperationError('unknown', 'why' in verdict ? verdict.why : verdict.message);
	};
}

const oddValues: fc.Arbitrary<Value> = fc.oneof(
	fc.constantFrom<Value>(
		null,
		'',
		' ',
		0,
		1,
		-1,
		'0',
		'1',
		'Success',
		'Failure',
		'success',
		true,
		false,
		200,
		201,
		403,
		'500',
		[],
		{},
	),
	fc.constantFrom<Value>([''], ['x'], [[]], { ID: 7 }, { status: 0 }, 'nothing', '1e3', '0x10', '12,5', 1e21),
	fc.string({ maxLength: 8 }),
	fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const keyPaths = (content: Value, path: string[] = []): string[][] =>
	typeof content === 'object' && content !== null && !Array.isArray(content)
		? Object.entries(content).flatMap(([key, value]) => [[...path, key], ...keyPaths(value, [...path, key])])
		: [];

function changed(content: Content, path: string[], change: { to?: Value } | undefined): Content {
	const [key, ...rest] = path as [string, ...string[]];
	if (!(key in content)) return content;
	const { [key]: value, ...others } = content;
	if (rest.length > 0) {
		return typeof value === 'object' && value !== null && !Array.isArray(value)
			? { ...content, [key]: changed(value, rest, change) }
			: content;
	}
	return change === undefined ? others : { ...content, [key]: change.to ?? null };
}

/** Bodies near a kind's success: keys dropped or with other values, cut off, garbled, of another kind, or anything. */
function bodiesNear(sample: Sample, kind: Kind): fc.Arbitrary<string> {
	const paths = keyPaths(kind.success);
	const structural = fc
		.tuple(
			fc.array(
				fc.tuple(
					fc.constantFrom(...paths),
					fc
						.option(oddValues, { nil: undefined, freq: 2 })
						.map((to) => (to === undefined ? undefined : { to })),
				),
				{ maxLength: 3 },
			),
			fc.boolean(),
		)
		.map(([changes, asJson]) => {
			const content = changes.reduce((given, [path, change]) => changed(given, path, change), kind.success);
			return asJson ? sample.json(content) : sample.xml(content);
		});
	const garbled = fc
		.tuple(
			structural,
			fc.nat(),
			fc.constantFrom('', '<', '}', '"', '&', '\u0000', 'Failure', '</credit>'),
			fc.nat(12),
		)
		.map(([body, at, put, dropped]) => {
			const place = at % (body.length + 1);
			return body.slice(0, place) + put + body.slice(place + dropped);
		});
	const cut = fc.tuple(structural, fc.nat()).map(([body, at]) => body.slice(0, at % (body.length + 1)));
	const ofOthers = fc.constantFrom(
		...sample.kinds.flatMap(({ success }) => [sample.json(success), sample.xml(success)]),
	);
	return fc.oneof(
		{ weight: 6, arbitrary: structural },
		{ weight: 3, arbitrary: garbled },
		{ weight: 2, arbitrary: cut },
		{ weight: 2, arbitrary: ofOthers },
		{ weight: 1, arbitrary: fc.json() },
		{ weight: 1, arbitrary: fc.string() },
		{ weight: 1, arbitrary: fc.string().map((text) => `<html><body>${text}</body></html>`) },
	);
}

/** The texts in a value, or in a list that some format has made of one. */
function textsIn(value: unknown): string[] {
	if (typeof value === 'object') return Object.values(value ?? {}).flatMap(textsIn);
	return typeof value === 'boolean' || isBlank(value) ? [] : [String(value).trim()];
}

/** Why a success item should not have come of a body; empty where it rightly did. */
function lacking(sample: Sample, kind: Kind, text: string, item: IDataObject): string[] {
	const trimmed = text.replace(/^\uFEFF/, '').trim();
	const isUnavailable = kind.name === 'checkAvailability' && item.available === false;
	if (isUnavailable && /unavailable|not available/i.test(text)) return [];
	if (!/^[[{]/.test(trimmed)) {
		const some = kind.mayBeEmpty ? '\\s*/?>' : '>\\s*[^\\s<]';
		const missing = kind.needs.filter(
			([key]) => sample.provider !== mailPartner && !new RegExp(`<${key}${some}`).test(trimmed),
		);
		return [
			...((kind.claimsInXml ?? sample.claimsInXml).test(trimmed) ? [] : ['no claim of success']),
			...(/<Error>\s*[^\s<]/.test(trimmed) ? ['errors'] : []),
			...missing.map(([key]) => `no ${key}`),
		];
	}
	const body = JSON.parse(trimmed) as Record<string, unknown>;
	const entry = sample.entryOf(body, kind);
	if (entry === undefined) return ['no claim of success'];
	return kind.needs.flatMap(([key, field]) => {
		const value = entry[key];
		if (value === undefined || (!kind.mayBeEmpty && (value === null || isBlank(value)))) return [`no ${key}`];
		if (kind.mayBeEmpty) {
			const [text = null] = textsIn(value);
			return item[field!] === text ? [] : [`${field} is ${String(item[field!])}, not ${text}`];
		}
		return field !== undefined &&
			String(item[field]) !== String(typeof item[field] === 'number' ? Number(value) : value)
			? [`${field} is ${String(item[field])}, not ${String(value)}`]
			: [];
	});
}

describe('any body with HTTP 200 gives a success item only if it holds what a success holds', () => {
	const BODIES = runs(10_000);

	it.each(samples.map((sample) => ({ title: sample.name ?? sample.provider.name, sample })))(
		`$title: ${BODIES} bodies`,
		async ({ title, sample }) => {
			let successes = 0;
			const body = fc
				.constantFrom(...sample.kinds)
				.chain((kind) => fc.tuple(fc.constant(kind), bodiesNear(sample, kind)));
			await fc.assert(
				fc.asyncProperty(body, async ([kind, text]) => {
					const read = async () => await kind.read(weighing(sample.provider, text, kind.request));
					const item = await read().catch((error: unknown) => {
						if (error instanceof OperationError) return undefined;
						throw error;
					});
					if (item === undefined) return;
					successes++;
					expect(lacking(sample, kind, text, item)).toEqual([]);
				}),
				{ numRuns: BODIES, seed: 20261122 },
			);
			// Neither all nor nothing: the bodies are near enough to successes to tell.
			expect(successes).toBeGreaterThan(BODIES / 50);
			expect(successes).toBeLessThan(BODIES / 2);
			process.stdout.write(`\n${title}: ${BODIES} bodies, ${successes} successes\n`);
		},
	);

	it.each(
		samples.flatMap((sample) =>
			sample.kinds.map((kind) => ({
				name: `${sample.name ?? sample.provider.name} ${kind.name}`,
				sample,
				kind,
			})),
		),
	)('$name: its own success is one', async ({ sample, kind }) => {
		const read = (async () =>
			await kind.read(weighing(sample.provider, sample.json(kind.success), kind.request)))();
		if (kind.name === 'cancel')
			await expect(read).rejects.toThrow(/does not say that the keyword is deleted/);
		else expect(lacking(sample, kind, sample.json(kind.success), await read)).toEqual([]);
	});
});

// --- planning -----------------------------------------------------------------------------------------------------

const numbers = fc.integer({ min: 0, max: 11 }).map((i) => String(2125550100 + i));
const campaigns: fc.Arbitrary<Campaign> = fc.record({
	numbers: fc.uniqueArray(numbers, { maxLength: 6 }),
	groups: fc.constantFrom([], [], ['honey lovers'], ['honey lovers', 'neighbors']),
	message: fc.constantFrom('a', 'b'),
	extras: fc.constantFrom<IDataObject[]>({}, { s: 's' }, { d: 'standard' }, { s: 's', d: 'standard' }),
	wanted: fc.constant(undefined),
	stampToSend: fc.constantFrom(undefined, 2_000_000_000),
	window: fc.constant(undefined),
	combineItems: fc.boolean(),
	recipientsPerRequest: fc.integer({ min: 1, max: 4 }),
});
const dues: fc.Arbitrary<Due[]> = fc
	.array(fc.tuple(campaigns, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), fc.boolean()), {
		maxLength: 8,
	})
	.map((given) =>
		given.map(([campaign, isSent, groupsAreSent], item) => ({
			item,
			campaign,
			numbers: campaign.numbers.filter((_, place) => !isSent[place]),
			groups: campaign.groups.length > 0 && !groupsAreSent,
		})),
	);
function planRequests(due: Due[]): Batch[] {
	const plan = new RequestPlan(() => new Map());
	for (const each of due) plan.add(each);
	return plan.batches;
}
const contentOf = ({ message, extras, stampToSend, groups }: Campaign) =>
	JSON.stringify([message, extras, stampToSend, groups]);

describe('planning neither loses nor doubles an item', () => {
	it('whatever is due', () => {
		fc.assert(
			fc.property(dues, (due) => {
				const batches = planRequests(due);
				for (const { item, campaign, numbers: wanted, groups } of due) {
					const carrying = batches.filter((batch) => batch.members.has(item));
					// Each number of it that is due is in one request, and no other is.
					expect(carrying.flatMap((batch) => batch.members.get(item)!).sort()).toEqual([...wanted].sort());
					for (const batch of carrying) {
						for (const number of batch.members.get(item)!) expect(batch.numbers).toContain(number);
						expect(contentOf(batch.campaign)).toBe(contentOf(campaign));
					}
					const withGroups = carrying.filter((batch) => batch.groups.length > 0);
					if (groups) expect(withGroups).toHaveLength(1);
				}
				for (const batch of batches) {
					const asked = [...batch.members.values()].flat();
					expect([...new Set(asked)].sort()).toEqual([...batch.numbers].sort());
					expect(batch.numbers.length).toBeLessThanOrEqual(batch.campaign.recipientsPerRequest);
					expect(batch.numbers.length + batch.groups.length).toBeGreaterThan(0);
				}
				const combined = batches.filter((batch) => batch.campaign.combineItems);
				const texted = combined.flatMap((batch) =>
					batch.numbers.map(
						(number) => `${number} ${contentOf(batch.campaign)} ${batch.campaign.recipientsPerRequest}`,
					),
				);
				expect(new Set(texted).size).toBe(texted.length);
				const grouped = combined
					.filter((batch) => batch.groups.length > 0)
					.map((batch) => `${contentOf(batch.campaign)} ${batch.campaign.recipientsPerRequest}`);
				expect(new Set(grouped).size).toBe(grouped.length);
			}),
			{ numRuns: runs(3000), seed: 20261122 },
		);
	});

	it('a request says what its items say and nothing else', () => {
		fc.assert(
			fc.property(dues, (due) => {
				for (const batch of planRequests(due)) {
					const { form } = CLUB_TEXTING_WIRE.request(batch);
					expect(form).toEqual({
						...(batch.numbers.length > 0 && { PhoneNumbers: batch.numbers }),
						...(batch.groups.length > 0 && { Groups: batch.groups }),
						...(batch.campaign.extras.s !== undefined && { Subject: 's' }),
						Message: batch.campaign.message,
						...(batch.campaign.stampToSend !== undefined && { StampToSend: '2000000000' }),
						MessageTypeID: batch.campaign.extras.d === undefined ? '1' : '2',
					});
					expect(EZ_TEXTING_WIRE.request(batch).json).toEqual({
						...(batch.numbers.length > 0 && { toNumbers: batch.numbers.map((number) => `1${number}`) }),
						...(batch.groups.length > 0 && { groupIds: batch.groups }),
						message: batch.campaign.message,
						...(batch.campaign.stampToSend !== undefined && { sendAt: '2033-05-18T03:33:20+00:00' }),
						strictValidation: true,
					});
				}
			}),
			{ numRuns: runs(1000), seed: 20261122 },
		);
	});
});

// --- numbers and texts through the node ---------------------------------------------------------------------------

const bench = openBench();
const send = sceneOf('clubTexting.message.send');

/** A number as people write it, with what it is; null where it is none. */
const written: fc.Arbitrary<[string, string | null]> = fc.oneof(
	{
		weight: 8,
		arbitrary: fc
			.tuple(numbers, fc.constantFrom('plain', 'dashes', 'brackets', 'plus', 'one', 'dots'))
			.map(([number, style]): [string, string] => {
				const [area, exchange, line] = [number.slice(0, 3), number.slice(3, 6), number.slice(6)];
				const styles: Record<string, string> = {
					plain: number,
					dashes: `${area}-${exchange}-${line}`,
					brackets: `(${area}) ${exchange}-${line}`,
					plus: `+1 ${area} ${exchange} ${line}`,
					one: `1${number}`,
					dots: ` ${area}.${exchange}.${line} `,
				};
				return [styles[style]!, number];
			}),
	},
	{
		weight: 1,
		arbitrary: fc
			.constantFrom(
				'12125550101234',
				'0125550101',
				'2121550101',
				'212555010',
				'Winnie',
				'+44 20 7946 0958',
				'21255501O1',
			)
			.map((text): [string, null] => [text, null]),
	},
);
const message = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.constantFrom(
			'Honey is ready',
			'  two  blanks ',
			'a\nb',
			'What?! (yes) ~ $5 @ #1 & 10% "off"',
			'=1+1',
			'0',
		),
	},
	{ weight: 2, arbitrary: fc.string({ maxLength: 170 }) },
	{ weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
);
const lists = fc.array(
	fc.record({
		to: fc.array(written, { minLength: 1, maxLength: 5 }),
		separator: fc.constantFrom(', ', ';', '\n', ','),
		text: message,
	}),
	{ minLength: 1, maxLength: 6 },
);

/** As the provider's page has it: letters, digits, some punctuation; 160 characters, of which a line break is two. */
const isSendable = (text: string) =>
	/^[a-zA-Z0-9 \r\n.,:;!?()~=+\-_\\/@$#&%'"]*$/.test(text) &&
	text.trim() !== '' &&
	text.length + (text.match(/[\r\n]/g)?.length ?? 0) <= 160;

describe('any list of numbers and texts goes out exactly as planned or is refused before sending', () => {
	it('on the engine', async () => {
		await fc.assert(
			fc.asyncProperty(
				lists,
				fc.integer({ min: 1, max: 4 }),
				fc.constantFrom('stopWorkflow', 'continueRegularOutput'),
				async (list, recipientsPerRequest, onError) => {
					bench.simulator.reset();
					const items = list.map(({ to, separator, text }) => ({
						to: to.map(([number]) => number).join(separator),
						text,
					}));
					const wanted = list.map(({ to, text }) =>
						to.every(([, number]) => number !== null) && isSendable(text)
							? [...new Set(to.map(([, number]) => number!))]
							: null,
					);
					const result = await bench.play(
						{ ...send, items },
						{
							onError,
							parameters: {
								message: '={{ $json.text }}',
								options: { recipientsPerRequest, requestsPerSecond: 10_000 },
							},
						},
					);
					const { delivered } = bench.simulator.clubTexting.books;
					if (onError === 'stopWorkflow' && wanted.includes(null)) {
						expect(result.error?.context?.details).toMatchObject({ outcome: 'invalid' });
						expect(bench.simulator.requests).toEqual([]);
						return;
					}
					expect(
						result.output().map(({ json }) => json.recipients ?? (json.details as IDataObject).outcome),
					).toEqual(wanted.map((recipients) => recipients ?? 'invalid'));
					// Each number gets each text once, and gets no other.
					const expected = new Set(
						list.flatMap(({ text }, item) =>
							(wanted[item] ?? []).map((number) => JSON.stringify([number, text])),
						),
					);
					expect(delivered.map(({ number, message: text }) => JSON.stringify([number, text])).sort()).toEqual(
						[...expected].sort(),
					);
				},
			),
			{ numRuns: runs(400), seed: 20261122 },
		);
	});
});
