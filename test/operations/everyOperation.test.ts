import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { schemaFiles, type Schema } from '../../scripts/outputSchemas';
import { actionNodes } from '../contract/contract';
import { credentialsFor, openEngine, play, scenes, typeOf, type Scene } from '../scenes';
import { cards } from '../simulator';
import { eachAtOnce, going, itemsOf, openBench, outcomeOf, pairs, providerNames } from '../harness';

/** What holds for every operation of the action nodes, whatever it does. */
const bench = openBench();

const acting = scenes.filter(({ effects }) => effects);
/** What an unclear answer leaves open for more than its item: a card that is charged, a sub-account that credit goes to. */
const hasAccount = ({ charges, name }: Scene) => charges === true || /mailPartner\.credit\.\w+/.test(name);

const operationOf = ({ parameters }: Scene) =>
	`${String(parameters.resource)}.${String(parameters.operation)}`;

function outputOf(scene: Scene): string[] {
	const { parameters } = scene;
	const node = typeOf(scene).split('.')[1]!;
	return actionNodes[node]![String(parameters.resource)]![String(parameters.operation)]!.output;
}

/** The options of a scene, whose pace is lifted where it can be. */
const withOptions = ({ name }: Scene, options: IDataObject): INodeParameters => ({
	options: { ...(name.includes('send') && { requestsPerSecond: 1000 }), ...options },
});

/** The output schema that n8n shows before the node has run. */
function schemaOf(scene: Scene): Schema {
	const { parameters } = scene;
	const node = typeOf(scene).split('.')[1]!;
	const folder = node.charAt(0).toUpperCase() + node.slice(1);
	const file = `nodes/${folder}/__schema__/v1.0.0/${String(parameters.resource)}/${String(parameters.operation)}.json`;
	return JSON.parse(schemaFiles().get(file)!) as Schema;
}

/** Where a value is other than its schema says; null fits everything. */
function misfits(value: unknown, schema: Schema, at = ''): string[] {
	if (value === null) return [];
	const type = Array.isArray(value) ? 'array' : typeof value;
	if (type !== schema.type) return [`${at} is ${type}, not ${schema.type}`];
	if (Array.isArray(value)) return value.flatMap((entry) => misfits(entry, schema.items!, `${at}[]`));
	if (typeof value !== 'object') return [];
	return Object.entries(value as IDataObject).flatMap(([name, entry]) => {
		const own = schema.properties?.[name];
		return own ? misfits(entry, own, `${at}.${name}`) : [`${at}.${name} has no schema`];
	});
}

/** What a table shows only behind columns that say nothing. */
function behindEmptyLists(json: IDataObject): string[] {
	const values = Object.entries(json);
	const firstEmpty = values.findIndex(([, value]) => Array.isArray(value) && value.length === 0);
	if (firstEmpty === -1) return [];
	return values.slice(firstEmpty).flatMap(([name, value]) => (Array.isArray(value) ? [] : [name]));
}

const sorted = (names: string[]) => [...names].sort();

test('there is a scene for every operation of the contract', () => {
	const all = Object.entries(actionNodes).flatMap(([node, resources]) =>
		Object.entries(resources).flatMap(([resource, operations]) =>
			Object.keys(operations).map((operation) => `${node} ${resource}.${operation}`),
		),
	);
	const played = scenes.map((scene) => `${typeOf(scene).split('.')[1]} ${operationOf(scene)}`);
	expect(sorted([...new Set(played)])).toEqual(sorted(all));
});

describe('every operation', () => {
	eachAtOnce(
		scenes,
		'$name: its items have exactly the keys of the contract, each paired to its input item',
		async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const result = await bench.play(scene);
			const successes = scene.successes(bench.simulator);
			expect(itemsOf(result)).toMatchObject(successes.flat());
			for (const json of itemsOf(result)) {
				expect(sorted(Object.keys(json))).toEqual(sorted(outputOf(scene)));
				expect(misfits(json, schemaOf(scene))).toEqual([]);
				expect(behindEmptyLists(json)).toEqual([]);
			}
			expect(pairs(result)).toEqual(successes.flatMap((own, item) => own.map(() => ({ item }))));
			if (scene.effects) expect(scene.effects(bench.simulator)).toEqual(scene.items.map(() => 1));
		},
	);

	eachAtOnce(scenes, '$name: without input items it asks nobody for anything', async (scene, bench) => {
		const result = await bench.play(scene, { items: [] });
		expect(itemsOf(result)).toEqual([]);
		expect(bench.simulator.requests).toEqual([]);
	});

	eachAtOnce(
		scenes,
		'$name: without its credential it says so, and asks nobody for anything',
		async (scene, bench) => {
			const credentials = credentialsFor(bench.simulator);
			delete credentials[
				{
					click2mail: 'click2MailApi',
					clubTexting: 'clubTextingApi',
					ezTexting: 'ezTextingApi',
					mailPartner: 'mailPartnerApi',
				}[scene.provider]
			];
			const stopped = await bench.play(scene, { credentials });
			expect(stopped.error?.message).toMatch(/credential/i);
			expect(bench.simulator.requests).toEqual([]);
			const went = await bench.play(scene, {
				credentials,
				onError: 'continueErrorOutput',
			});
			expect(went.output()).toEqual([]);
			expect(bench.simulator.requests).toEqual([]);
		},
	);

	eachAtOnce(
		scenes,
		'$name: with a wrong log-in it is refused once, and says what to look at',
		async (scene, bench) => {
			scene.prepare?.(bench.simulator);
			const credentials = credentialsFor(bench.simulator);
			for (const data of Object.values(credentials)) {
				if ('password' in data) data.password = 'wrong';
				if ('apiKey' in data) data.apiKey = 'wrong';
			}
			const result = await bench.play(scene, { credentials });
			expect(result.error?.message).toMatch(/ refused: /);
			expect(result.error?.description).toMatch(/^Check (user name(,| and) password|the API key)/);
			expect(result.error?.context?.details).toMatchObject({
				outcome: 'refused',
				provider: providerNames[scene.provider],
				operation: operationOf(scene),
				httpStatus: 401,
				affects: 'run',
			});
			expect(bench.simulator.requests.map(({ answeredWith }) => answeredWith)).toEqual([401]);

			const went = await bench.play(scene, { credentials, onError: 'continueRegularOutput' });
			expect(went.output().map(({ json }) => json.details)).toMatchObject(
				scene.items.map((_, item) => ({
					outcome: item === 0 || scene.shared ? 'refused' : 'notSent',
					affects: 'run',
				})),
			);
			expect(bench.simulator.requests.map(({ answeredWith }) => answeredWith)).toEqual([401, 401]);
		},
	);
});

describe('includeRawReply', () => {
	/** What a decoded reply looks like, by provider. */
	const decoded = {
		click2mail: { credit: expect.any(Object) as object },
		clubTexting: { Response: { Status: 'Success', Entry: expect.any(Object) as object } },
		ezTexting: {},
		mailPartner: { success: true, code: 200 },
	};

	eachAtOnce(scenes, '$name', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		const parameters = withOptions(scene, { includeRawReply: '={{ $itemIndex === 1 }}' });
		const result = await bench.play(scene, { parameters });
		const successes = scene.successes(bench.simulator);
		expect(itemsOf(result)).toMatchObject(successes.flat());

		for (const { json, pairedItem } of result.output()) {
			const wanted = (pairedItem as { item: number }).item === 1;
			expect(sorted(Object.keys(json))).toEqual(sorted([...outputOf(scene), ...(wanted ? ['raw'] : [])]));
			if (!wanted) continue;
			// What EZ Texting answers to a write, nobody knows.
			if (scene.provider === 'ezTexting') expect(json).toHaveProperty('raw');
			else if (/\.(cancel|delete)$/.test(scene.name)) expect(json.raw).toBeNull();
			else if (/^clubTexting\..*\.get(All)?$/.test(scene.name)) expect(json.raw).toHaveProperty('ID');
			else if (scene.name.endsWith('getReport')) expect(json.raw).toHaveProperty('Delivered.Count', 1);
			else if (scene.name.includes('mailPartner.subaccount.get')) {
				// One entry of the list: the reply itself tells of all the others, too.
				expect(json.raw).toMatchObject({ token: json.token, apiKey: '***', credits: {} });
			} else if (scene.type) expect(json.raw).toEqual({ job: expect.any(Object) as object });
			else expect(json.raw).toMatchObject(decoded[scene.provider]);
		}
	});

	test('shows the reply of the act and not that of a reading', async () => {
		const result = await bench.run(
			'click2mail',
			{
				resource: 'credit',
				operation: 'topUp',
				minimumBalance: 100,
				amount: 10,
				options: { includeRawReply: true },
			},
			[{}],
		);
		expect(itemsOf(result)).toMatchObject([{ raw: { credit: { status: '0', description: 'Success' } } }]);
	});

	test('shows a reply in XML as it is decoded', async () => {
		bench.simulator.order({ fault: 'otherFormat', operation: 'lookUpCarrier' });
		const parameters = { resource: 'phoneNumber', operation: 'lookUpCarrier', phoneNumber: '2125550101' };
		const result = await bench.run('clubTexting', { ...parameters, options: { includeRawReply: true } }, [
			{},
		]);
		expect(itemsOf(result)).toMatchObject([
			{
				carrier: 'ATTUS',
				raw: {
					Response: {
						Status: 'Success',
						Code: '200',
						Entry: { PhoneNumber: '2125550101', CarrierName: 'ATTUS' },
					},
				},
			},
		]);
	});
});

describe('a reply in the other format gives the same item', () => {
	// MailPartner's XML has no names; of its successes only the one of a creation is documented.
	const named = scenes.filter(
		({ name, provider }) =>
			// EZ Texting has no other format.
			provider !== 'ezTexting' && (provider !== 'mailPartner' || name.includes('create')),
	);

	eachAtOnce(named, '$name', async (scene, bench) => {
		const items = [];
		for (const fault of [undefined, { fault: 'otherFormat' as const, times: Infinity }]) {
			bench.simulator.reset();
			scene.prepare?.(bench.simulator);
			if (fault) bench.simulator.order(fault);
			const result = await play(openEngine(), bench.simulator, scene, { parameters: withOptions(scene, {}) });
			items.push(itemsOf(result).map((item) => ({ ...item, sendTime: null })));
		}
		expect(items[1]).toEqual(items[0]);
	});
});

describe('timeout', () => {
	/** Long enough for what comes before the act and for what looks for it, however busy the machine is. */
	const timeoutOf = ({ before }: Scene) => (before ? 6000 : 120);

	eachAtOnce(acting, '$name: an act without an answer in time is unknown', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		// What can be looked up, and has happened, is known.
		const fault = scene.isLookedUp ? 'timeoutBefore' : 'timeoutAfter';
		bench.simulator.order({ fault, operation: scene.request });
		const timeout = timeoutOf(scene);
		const parameters = withOptions(scene, { timeout });
		const result = await bench.play(scene, { parameters });
		const waited = `${timeout / 1000} s`;
		const seen = scene.isLookedUp ? '; job \\d+ still shows as a draft[^[]*' : '';
		expect(result.error?.message).toMatch(
			new RegExp(
				`^It is unknown whether (Click2Mail|Club Texting|EZ Texting|MailPartner) (?!did it)[a-z -]+: no answer came within ${waited}${seen}( \\(job \\d+\\))? \\[item 0\\]`,
			),
		);
		expect(result.error?.description).toMatch(/does not repeat it\. (Look it up at|See )/);
		expect(result.error?.context?.details).toEqual({
			outcome: 'unknown',
			provider: providerNames[scene.provider],
			operation: operationOf(scene),
			affects: hasAccount(scene) ? 'account' : 'item',
		});
	});

	eachAtOnce(
		scenes.filter(({ name }) => name.endsWith('credit.getBalance')),
		'$name: a reading without an answer in time is repeated',
		async (scene, bench) => {
			bench.simulator.order({ fault: 'timeoutBefore' });
			const parameters = withOptions(scene, { timeout: 120 });
			const result = await bench.play(scene, { parameters, items: [{}] });
			expect(itemsOf(result)).toMatchObject([scene.successes(bench.simulator)[0]![0]!]);
			expect(bench.simulator.requests).toHaveLength(2);
		},
	);

	// A timer of more than 2^31 ms fires at once.
	eachAtOnce(scenes, '$name: has to be a time, and one that a timer can wait for', async (scene, bench) => {
		for (const [timeout, trouble] of [
			[-1, 'must be at least 1 ms, but is -1'],
			[600_001, 'must be at most 600000 ms, but is 600001'],
			[2 ** 31, 'must be at most 600000 ms, but is 2147483648'],
		] as const) {
			const result = await bench.play(scene, { parameters: withOptions(scene, { timeout }) });
			expect(outcomeOf(result)).toBe('invalid');
			expect(result.error?.message).toContain(`“Timeout” ${trouble} [item 0]. Nothing was sent.`);
		}
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('what is there but resolves to nothing would leave the item unprotected, and is invalid', () => {
	const nothing = '={{ $json.nothing }}';

	eachAtOnce(acting, '$name', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		const spends = /purchase|buy|topUp|add|subaccount\.create/.test(scene.name);
		const protecting: Array<[label: string, parameters: INodeParameters]> = [
			['Dry Run', { dryRun: nothing }],
			['Act Once Per', withOptions(scene, { idempotencyKey: nothing })],
			['Act Once Per', withOptions(scene, { idempotencyKey: ' ' })],
			['Act Once Per', withOptions(scene, { idempotencyKey: '=order-{{ $json.nothing }}' })],
			['Act Once Per', withOptions(scene, { idempotencyKey: '={{ $json.nothing }}-{{ $itemIndex }}' })],
			['Act Once Per', withOptions(scene, { idempotencyKey: '={{ "order-" + $json.nothing }}' })],
			['Timeout', withOptions(scene, { timeout: nothing })],
			...(spends ? [['Spending Limit', { spendingLimit: nothing }] as [string, INodeParameters]] : []),
		];
		for (const [label, parameters] of protecting) {
			const result = await bench.play(scene, { parameters });
			expect(result.error?.message).toMatch(
				new RegExp(`^“${label}” .*is empty \\[item 0\\]\\. Nothing was sent\\.`),
			);
		}
		expect(bench.simulator.requests).toEqual([]);
	});
});

describe('dryRun', () => {
	/** Requests that read; a dry run may make them. */
	const readings = [
		'readJob',
		'jobCost',
		'getBalance',
		'list',
		'me',
		'getContacts',
		'getContact',
		'getGroups',
	];
	/** What spends, and whose price is not known before. */
	const isUnpriced = ({ name }: Scene) => /message\.send|keyword\.rent/.test(name);
	/** What the others that spend cost. */
	const costs: Record<string, number[]> = {
		'click2mail.credit.purchase': [20, 21.5],
		'click2mail.credit.topUp': [20, 21.5],
		'click2mail.credit.coverJob': [117, 234],
		'clubTexting.credit.buy': [1000, 1100],
		'clubTexting.credit.topUp': [1000, 1100],
		'ezTexting.credit.buy': [1000, 1100],
		'ezTexting.credit.topUp': [1000, 1100],
		'mailPartner.subaccount.create': [5, 6],
		'mailPartner.credit.add': [10, 10],
		'mailPartner.credit.topUp': [10, 10],
	};
	const login = ['User', 'Password', 'apiKey'];

	/** The request that items share, of which each shows its own part. */
	const joined = (planned: IDataObject[]) => {
		const parts = planned.map(({ request }) => request as { body: Record<string, unknown> });
		const numbers = 'toNumbers' in parts[0]!.body ? 'toNumbers' : 'PhoneNumbers';
		const all = parts.flatMap(({ body }) => body[numbers]);
		return { ...parts[0], body: { ...parts[0]!.body, [numbers]: all } };
	};

	/** What left, as a dry run shows it. */
	const shownAs = (fields: Array<[string, unknown]>) => {
		const body: IDataObject = {};
		const isByCard = fields.some(([name]) => /^(billingCvv|SecurityCode)$/.test(name));
		for (const [name, value] of fields) {
			if (login.includes(name)) continue;
			const list = name.endsWith('[]');
			const key = name.replace('[]', '');
			const secret = isByCard && !/^(billingAmount|Keyword|NumberOfCredits)$/.test(key);
			if (list) (body[key] = (body[key] ?? []) as string[]).push(String(value));
			else body[key] = (secret ? '***' : value) as string;
		}
		return Object.keys(body).length > 0 ? body : null;
	};

	// What has to be prepared shows several requests, which have tests of their own.
	const planned = acting.filter(({ isLookedUp }) => !isLookedUp);

	eachAtOnce(planned, '$name', async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		const parameters = { ...withOptions(scene, {}), dryRun: true };
		const result = await bench.play(scene, { parameters });
		const planned = itemsOf(result);
		expect(pairs(result)).toEqual(scene.items.map((_, item) => ({ item })));
		expect(bench.simulator.requests.filter(({ operation }) => !readings.includes(operation))).toEqual([]);
		expect(Math.max(...scene.effects!(bench.simulator))).toBe(0);
		expect(planned.map(({ dryRun, cost }) => [dryRun, cost])).toEqual(
			scene.items.map((_, item) => [true, costs[scene.name]?.[item] ?? (isUnpriced(scene) ? null : 0)]),
		);

		const told = JSON.stringify(result.runData) + result.stored + result.logs.join();
		for (const secret of [
			cards.visa.number,
			bench.simulator.mailPartner.books.apiKey,
			bench.simulator.clubTexting.books.password,
			bench.simulator.click2mail.books.password,
		]) {
			expect(told).not.toContain(secret);
		}
		expect(told).not.toMatch(/\b739\b/);

		// What it showed is what leaves.
		await bench.play(scene, { parameters: withOptions(scene, {}) });
		const base = bench.simulator[scene.provider].baseUrl;
		const left = bench.simulator.requests
			.filter(({ operation }) => operation === scene.request)
			.map(({ method, path, query, form, json }) => {
				const shown = new URLSearchParams(query.filter(([name]) => !login.includes(name))).toString();
				return {
					method,
					url: `${base}${path}${shown && `?${shown}`}`,
					body: shownAs(form ?? Object.entries(json ?? {})),
				};
			});
		expect(scene.shared ? [joined(planned)] : planned.map(({ request }) => request)).toEqual(left);
	});

	test('of one item holds back all items', async () => {
		const parameters = {
			resource: 'credit',
			operation: 'purchase',
			amount: 10,
			dryRun: '={{ $itemIndex === 0 }}',
		};
		const result = await bench.run('click2mail', parameters, [{}, {}]);
		expect(itemsOf(result)).toMatchObject([{ dryRun: true }, { dryRun: true }]);
		expect(bench.simulator.requests).toEqual([]);
	});

	test('is held against the spending limit, too', async () => {
		const parameters = { resource: 'credit', operation: 'purchase', amount: 101, dryRun: true };
		const result = await bench.run('click2mail', parameters, [{}]);
		expect(result.error?.message).toContain('the spending limit is 100 USD');
	});
});

describe('“Custom API Call” of the editor', () => {
	const custom = '__CUSTOM_API_CALL__';

	test.each([
		['click2mail', 'credit'],
		['clubTexting', 'message'],
		['clubTexting', 'keyword'],
		['mailPartner', 'subaccount'],
		['mailPartner', 'credit'],
		['click2mail', custom],
		['clubTexting', custom],
		['mailPartner', custom],
	] as const)('%s, resource %s: is answered', async (provider, resource) => {
		const parameters = { resource, operation: custom };
		const stopped = await bench.run(provider, parameters, [{}, {}]);
		expect(stopped.error?.message).toBe('This node does not have such an operation');
		expect(stopped.error?.description).toContain('HTTP Request node');

		const went = await bench.run(provider, parameters, [{}, {}], going);
		expect(itemsOf(went)).toMatchObject([
			{ error: expect.stringContaining('does not have such an operation') as string },
			{ error: expect.stringContaining('does not have such an operation') as string },
		]);
		expect(bench.simulator.requests).toEqual([]);
	});
});
