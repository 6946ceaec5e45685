import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { actionNodes } from '../contract/contract';
import { credentialsFor, nodeTypes, openEngine, play, scenes, type Scene } from '../scenes';
import { cards } from '../simulator';
import { itemsOf, openBed, pairs } from './bed';

/** What holds for every operation of the action nodes, whatever it does. */
const bed = openBed();

const providerNames = { click2mail: 'Click2Mail', clubTexting: 'Club Texting', mailPartner: 'MailPartner' };
const acting = scenes.filter(({ effects }) => effects);
const routed = ['get', 'getAll'].map((name) => `mailPartner.subaccount.${name}`);
routed.push('mailPartner.credit.getBalance');
/** Carried out by this package, item after item; the others are routed by n8n. */
const programmatic = scenes.filter(({ name }) => !routed.includes(name));

const operationOf = ({ parameters }: Scene) =>
	`${String(parameters.resource)}.${String(parameters.operation)}`;

function outputOf({ provider, parameters }: Scene): string[] {
	const node = nodeTypes[provider].split('.')[1]!;
	return actionNodes[node]![String(parameters.resource)]![String(parameters.operation)]!.output;
}

/** The options of a scene, whose pace is lifted where it can be. */
const withOptions = ({ name }: Scene, options: IDataObject): INodeParameters => ({
	options: { ...(name.includes('send') && { requestsPerSecond: 1000 }), ...options },
});

const sorted = (names: string[]) => [...names].sort();

test('there is a scene for every operation of the contract', () => {
	const all = Object.entries(actionNodes).flatMap(([node, resources]) =>
		Object.entries(resources).flatMap(([resource, operations]) =>
			Object.keys(operations).map((operation) => `${node} ${resource}.${operation}`),
		),
	);
	const played = scenes.map((scene) => `${nodeTypes[scene.provider].split('.')[1]} ${operationOf(scene)}`);
	expect(sorted([...new Set(played)])).toEqual(sorted(all));
});

describe.each(scenes)('$name', (scene) => {
	const { provider } = scene;

	test('its items have exactly the keys of the contract, each paired to its input item', async () => {
		scene.prepare?.(bed.simulator);
		const result = await play(bed.engine, bed.simulator, scene);
		const successes = scene.successes(bed.simulator);
		expect(itemsOf(result)).toMatchObject(successes.flat());
		for (const json of itemsOf(result)) expect(sorted(Object.keys(json))).toEqual(sorted(outputOf(scene)));
		expect(pairs(result)).toEqual(successes.flatMap((own, item) => own.map(() => ({ item }))));
		if (scene.effects) expect(scene.effects(bed.simulator)).toEqual(scene.items.map(() => 1));
	});

	test('without input items it asks nobody for anything', async () => {
		const result = await play(bed.engine, bed.simulator, scene, { items: [] });
		expect(itemsOf(result)).toEqual([]);
		expect(bed.simulator.requests).toEqual([]);
	});

	test('without its credential it says so, and asks nobody for anything', async () => {
		const credentials = credentialsFor(bed.simulator);
		delete credentials[
			{ click2mail: 'click2MailApi', clubTexting: 'clubTextingApi', mailPartner: 'mailPartnerApi' }[provider]
		];
		const stopped = await play(bed.engine, bed.simulator, scene, { credentials });
		expect(stopped.error?.message).toMatch(/credential/i);
		expect(bed.simulator.requests).toEqual([]);
		// Of a node whose requests it makes itself, n8n hands the input items on.
		if (!programmatic.includes(scene)) return;
		const went = await play(bed.engine, bed.simulator, scene, {
			credentials,
			onError: 'continueErrorOutput',
		});
		expect(went.output()).toEqual([]);
		expect(bed.simulator.requests).toEqual([]);
	});

	test('with a wrong log-in it is refused, and says what to look at', async () => {
		scene.prepare?.(bed.simulator);
		const credentials = credentialsFor(bed.simulator);
		for (const data of Object.values(credentials)) {
			if ('password' in data) data.password = 'wrong';
			if ('apiKey' in data) data.apiKey = 'wrong';
		}
		const result = await play(bed.engine, bed.simulator, scene, { credentials });
		expect(result.error?.message).toMatch(/ refused: /);
		expect(result.error?.description).toMatch(/^Check (user name(,| and) password|the API key)/);
		expect(result.error?.context?.details).toMatchObject({
			outcome: 'refused',
			provider: providerNames[provider],
			operation: operationOf(scene),
			httpStatus: 401,
		});
		expect(bed.simulator.requests.map(({ answeredWith }) => answeredWith)).toEqual(
			bed.simulator.requests.map(() => 401),
		);
	});
});

describe('includeRawReply', () => {
	/** What a decoded reply looks like, by provider. */
	const decoded = {
		click2mail: { credit: expect.any(Object) as object },
		clubTexting: { Response: { Status: 'Success', Entry: expect.any(Object) as object } },
		mailPartner: { success: true, code: 200 },
	};

	test.each(scenes)('$name', async (scene) => {
		scene.prepare?.(bed.simulator);
		const parameters = withOptions(scene, { includeRawReply: '={{ $itemIndex === 1 }}' });
		const result = await play(bed.engine, bed.simulator, scene, { parameters });
		const successes = scene.successes(bed.simulator);
		expect(itemsOf(result)).toMatchObject(successes.flat());

		for (const { json, pairedItem } of result.output()) {
			const wanted = (pairedItem as { item: number }).item === 1;
			expect(sorted(Object.keys(json))).toEqual(sorted([...outputOf(scene), ...(wanted ? ['raw'] : [])]));
			if (!wanted) continue;
			if (scene.name.includes('cancel')) expect(json.raw).toBeNull();
			else if (scene.name.includes('mailPartner.subaccount.get')) {
				// One entry of the list: the reply itself tells of all the others, too.
				expect(json.raw).toMatchObject({ token: json.token, apiKey: '***', credits: {} });
			} else expect(json.raw).toMatchObject(decoded[scene.provider]);
		}
	});

	test('shows the reply of the act and not that of a reading', async () => {
		const result = await bed.run(
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
		bed.simulator.order({ fault: 'otherFormat', operation: 'lookUpCarrier' });
		const parameters = { resource: 'phoneNumber', operation: 'lookUpCarrier', phoneNumber: '2125550101' };
		const result = await bed.run('clubTexting', { ...parameters, options: { includeRawReply: true } }, [{}]);
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
	const named = scenes.filter(({ name, provider }) => provider !== 'mailPartner' || name.includes('create'));

	test.each(named)('$name', async (scene) => {
		const items = [];
		for (const fault of [undefined, { fault: 'otherFormat' as const, times: Infinity }]) {
			bed.simulator.reset();
			scene.prepare?.(bed.simulator);
			if (fault) bed.simulator.order(fault);
			const result = await play(openEngine(), bed.simulator, scene, { parameters: withOptions(scene, {}) });
			items.push(itemsOf(result).map((item) => ({ ...item, sendTime: null })));
		}
		expect(items[1]).toEqual(items[0]);
	});
});

describe('timeout', () => {
	test.each(acting)('$name: an act without an answer in time is unknown', async (scene) => {
		scene.prepare?.(bed.simulator);
		bed.simulator.order({ fault: 'timeoutAfter', operation: scene.request });
		const parameters = withOptions(scene, { timeout: 120 });
		const result = await play(bed.engine, bed.simulator, scene, { parameters });
		expect(result.error?.message).toMatch(
			/^It is unknown whether .* did it: no answer came within 0\.12 s \[item 0\]/,
		);
		expect(result.error?.description).toMatch(/does not repeat it\. Look it up at/);
		expect(result.error?.context?.details).toEqual({
			outcome: 'unknown',
			provider: providerNames[scene.provider],
			operation: operationOf(scene),
		});
	});

	test.each(scenes.filter(({ name }) => name.endsWith('credit.getBalance')))(
		'$name: a reading without an answer in time is repeated',
		async (scene) => {
			bed.simulator.order({ fault: 'timeoutBefore' });
			const parameters = withOptions(scene, { timeout: 120 });
			const result = await play(bed.engine, bed.simulator, scene, { parameters, items: [{}] });
			expect(itemsOf(result)).toMatchObject([scene.successes(bed.simulator)[0]![0]!]);
			expect(bed.simulator.requests).toHaveLength(2);
		},
	);

	test.each(scenes)('$name: has to be a time', async (scene) => {
		scene.prepare?.(bed.simulator);
		const parameters = withOptions(scene, { timeout: 0 });
		const result = await play(bed.engine, bed.simulator, scene, { parameters });
		expect(result.error?.message).toMatch(/^“Timeout” must be at least 1 ms/);
		expect(bed.simulator.requests).toEqual([]);
	});
});

describe('parameters are checked before the first request', () => {
	test.each(programmatic)('$name', async (scene) => {
		scene.prepare?.(bed.simulator);
		const parameters = withOptions(scene, { timeout: '={{ $itemIndex === 1 ? "soon" : 1000 }}' });
		const stopped = await play(bed.engine, bed.simulator, scene, { parameters });
		expect(stopped.error?.message).toBe(
			'“Timeout” must be a number, but is "soon" [item 1]. Nothing was sent.',
		);
		expect(stopped.error?.description).toBe('Write it like 10 or 10.50.');
		expect(bed.simulator.requests).toEqual([]);

		const went = await play(bed.engine, bed.simulator, scene, {
			parameters,
			onError: 'continueErrorOutput',
		});
		expect(pairs(went)).toEqual(scene.items.flatMap((_, item) => (item === 1 ? [] : [{ item }])));
		expect(went.output(undefined, 1)).toMatchObject([
			{
				json: {
					error: '“Timeout” must be a number, but is "soon" [item 1]. Write it like 10 or 10.50.',
					details: {
						outcome: 'invalid',
						provider: providerNames[scene.provider],
						operation: operationOf(scene),
					},
				},
				pairedItem: { item: 1 },
			},
		]);
	});

	test('an error tells how many items are invalid', async () => {
		const parameters = { resource: 'credit', operation: 'purchase', amount: '={{ $json.amount }}' };
		const result = await bed.run('click2mail', parameters, [{ amount: 10 }, { amount: 1 }, { amount: 'x' }]);
		expect(result.error?.message).toBe(
			'“Amount” must be at least 10 USD, but is 1 [item 1]. Nothing was sent. 2 of 3 items are invalid.',
		);
	});
});

describe('dryRun', () => {
	/** Requests that read; a dry run may make them. */
	const readings = ['getBalance', 'list', 'me'];
	const costs: Record<string, unknown> = {
		'click2mail.credit.purchase': [20, 21.5],
		'click2mail.credit.topUp': [20, 21.5],
		'clubTexting.keyword.setUp': [0, 0],
		'clubTexting.keyword.cancel': [0, 0],
		'clubTexting.credit.buy': [1000, 1100],
		'clubTexting.credit.topUp': [1000, 1100],
		'mailPartner.subaccount.create': [5, 6],
		'mailPartner.credit.add': [10, 10],
		'mailPartner.credit.remove': [0, 0],
		'mailPartner.credit.topUp': [10, 10],
	};
	const login = ['User', 'Password', 'apiKey'];

	/** What left, as a dry run shows it. */
	const shownAs = (fields: Array<[string, unknown]>) => {
		const body: IDataObject = {};
		for (const [name, value] of fields) {
			if (login.includes(name)) continue;
			const list = name.endsWith('[]');
			const key = name.replace('[]', '');
			const secret = /^(billingNumber|billingCvv|Number|SecurityCode)$/.test(key);
			if (list) (body[key] = (body[key] ?? []) as string[]).push(String(value));
			else body[key] = (secret ? '***' : value) as string;
		}
		return Object.keys(body).length > 0 ? body : null;
	};

	test.each(acting)('$name', async (scene) => {
		scene.prepare?.(bed.simulator);
		const parameters = { ...withOptions(scene, {}), dryRun: true };
		const result = await play(bed.engine, bed.simulator, scene, { parameters });
		const planned = itemsOf(result);
		expect(pairs(result)).toEqual(scene.items.map((_, item) => ({ item })));
		expect(bed.simulator.requests.filter(({ operation }) => !readings.includes(operation))).toEqual([]);
		expect(Math.max(...scene.effects!(bed.simulator))).toBe(0);
		const sends = scene.name.includes('send');
		for (const json of planned) {
			expect(sorted(Object.keys(json))).toEqual(
				sorted(['dryRun', 'request', 'cost', ...(sends ? ['itemsInRequest'] : [])]),
			);
		}
		expect(planned.map(({ dryRun, cost }) => [dryRun, cost])).toEqual(
			scene.items.map((_, item) => [true, (costs[scene.name] as number[] | undefined)?.[item] ?? null]),
		);

		const told = JSON.stringify(result.runData) + result.stored + result.logs.join();
		for (const secret of [
			cards.visa.number,
			bed.simulator.mailPartner.books.apiKey,
			bed.simulator.clubTexting.books.password,
			bed.simulator.click2mail.books.password,
		]) {
			expect(told).not.toContain(secret);
		}
		expect(told).not.toMatch(/\b739\b/);

		// What it showed is what leaves.
		await play(bed.engine, bed.simulator, scene, { parameters: withOptions(scene, {}) });
		const base = bed.simulator[scene.provider].baseUrl;
		const left = bed.simulator.requests
			.filter(({ operation }) => operation === scene.request)
			.map(({ method, path, query, form, json }) => {
				const shown = new URLSearchParams(query.filter(([name]) => !login.includes(name))).toString();
				return {
					method,
					url: `${base}${path}${shown && `?${shown}`}`,
					body: shownAs(form ?? Object.entries(json ?? {})),
				};
			});
		const requests = planned.map(({ request }) => request);
		expect(scene.shared ? requests : left).toEqual(scene.shared ? requests.map(() => left[0]) : requests);
	});

	test('of one item holds back all items', async () => {
		const parameters = {
			resource: 'credit',
			operation: 'purchase',
			amount: 10,
			dryRun: '={{ $itemIndex === 0 }}',
		};
		const result = await bed.run('click2mail', parameters, [{}, {}]);
		expect(itemsOf(result)).toMatchObject([{ dryRun: true }, { dryRun: true }]);
		expect(bed.simulator.requests).toEqual([]);
	});

	test('is held against the spending limit, too', async () => {
		const parameters = { resource: 'credit', operation: 'purchase', amount: 101, dryRun: true };
		const result = await bed.run('click2mail', parameters, [{}]);
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
		const stopped = await bed.run(provider, parameters, [{}, {}]);
		expect(stopped.error?.message).toBe('This node has no such operation');
		expect(stopped.error?.description).toContain('HTTP Request node');

		const went = await bed.run(provider, parameters, [{}, {}], { onError: 'continueRegularOutput' });
		expect(itemsOf(went)).toMatchObject([
			{ error: expect.stringContaining('no such operation') as string },
			{ error: expect.stringContaining('no such operation') as string },
		]);
		expect(bed.simulator.requests).toEqual([]);
	});
});
