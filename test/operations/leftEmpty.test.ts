import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';
import { readerFor } from '../../nodes/shared/operation/commonParameters';
import { fieldsOf } from '../../nodes/shared/operation/description';
import { going, itemsOf, openBench } from '../harness';
import type { ProviderName } from '../simulator';
import { contextOf, services } from './context';

/** What somebody adds to a form and leaves empty is not taken for nothing. */
const bench = openBench();

const entries = Object.values(services).flatMap((service) =>
	service.resources.flatMap(({ option: resource, operations }) =>
		operations.flatMap((operation) =>
			fieldsOf(operation, service.provider.timeout)
				.filter(({ type, name }) => type === 'collection' && name !== 'additionalFields')
				.flatMap(({ name: collection, options = [] }) =>
					(options as INodeProperties[]).map((entry) => ({
						service,
						operation,
						path: `${resource.value}.${operation.option.value}`,
						collection,
						entry,
					})),
				),
		),
	),
);
/** What stands in the way of reading an option. */
const FILLED = {
	amount: 10,
	numberOfCredits: 10,
	storedCardLastFour: '1111',
	firstName: 'Ann',
	address1: '1 Main St',
	city: 'Dayton',
	state: 'OH',
	zip: '45402',
	documentUrl: 'https://example.com/letter.pdf',
	jobId: '1',
	maximumCost: 1,
	keyword: 'honey',
	joinMessage: 'Hi',
	message: 'Hi',
	phoneNumber: '2125550101',
	phoneNumbers: '2125550101',
	name: 'Owls',
	incomingMessageId: '1',
	messageId: '1',
	subaccount: { __rl: true, mode: 'token', value: 'owl' },
};
const emptied = entries.filter(
	({ collection, entry: { type, name } }) =>
		type === 'dateTime' ||
		(type === 'string' &&
			(collection === 'filters' || ['couponCode', 'idempotencyKey', 'reference'].includes(name))),
);

test('there are such entries', () => expect(emptied.length).toBeGreaterThan(20));

test.each(
	emptied.map((entry): [string, (typeof entries)[number]] => [
		`${entry.service.description.name} ${entry.path} ${entry.collection}.${entry.entry.name}`,
		entry,
	]),
)('%s', (_name, { service, operation, path, collection, entry }) => {
	for (const empty of ['', '  ']) {
		const given = { ...FILLED, [collection]: { [entry.name]: empty } };
		const read = readerFor(contextOf(service, path, given), service.provider, operation, {});
		expect(() => read(0)).toThrow(new RegExp(`^“${entry.displayName}” is (empty|not a date)`));
	}
});

/** Fields for texts of every operation, at the top and in collections. */
const texts = Object.values(services).flatMap((service) =>
	service.resources.flatMap(({ option: resource, operations }) =>
		operations.flatMap((operation) => {
			const path = `${resource.value}.${operation.option.value}`;
			const within = (fields: INodeProperties[], at: string[] = []): Array<[string, () => Attempt]> =>
				fields.flatMap((field) => {
					const place = [...at, field.name];
					if (field.type === 'collection') return within(field.options as INodeProperties[], place);
					if (field.type !== 'string') return [];
					const name = `${service.description.name} ${path} ${place.join('.')}`;
					return [[name, () => ({ service, operation, path, place, label: field.displayName })]];
				});
			return within(fieldsOf(operation, service.provider.timeout));
		}),
	),
);

interface Attempt {
	service: (typeof services)[keyof typeof services];
	operation: Parameters<typeof readerFor>[2];
	path: string;
	place: string[];
	label: string;
}

test('there are texts', () => expect(texts.length).toBeGreaterThan(150));

/** What an expression gives in place of a text, and how an error calls it. */
const noTexts: Array<[value: unknown, as: RegExp]> = [
	[true, /a boolean|true/],
	[false, /a boolean|false/],
	[NaN, /NaN/],
	[{ name: 'Ann' }, /an object/],
	[[{ name: 'Ann' }], /a list|an object/],
	['Hi [object Object]', /"(\[object Object\]|Hi \[object Object\])"/],
];

test.each(texts)('%s is no true, no number that is none, no list and no object', (_name, attempt) => {
	const { service, operation, path, place, label } = attempt();
	for (const [value, as] of noTexts) {
		const given = place.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as INodeParameters;
		const source = place[0] === 'documentUrl' ? { documentSource: 'url' } : {};
		const context = contextOf(service, path, { ...FILLED, ...source, ...given });
		const read = readerFor(context, service.provider, operation, {});
		expect(() => read(0)).toThrow(new RegExp(`^“(.+: )?${label}.*” .*(${as.source})`, 's'));
	}
});

const send = { resource: 'message', operation: 'send', phoneNumbers: '={{ $json.number }}', message: 'Hi' };
const people = [{ number: '2125550101' }, { number: '2125550102' }];

test.each(['clubTexting', 'ezTexting'] as const)(
	'%s: a time that was added and not set does not send at once',
	async (provider) => {
		const parameters = { ...send, options: { scheduledFor: '' } };
		const result = await bench.run(provider, parameters, people, going);
		expect(itemsOf(result)).toMatchObject(
			people.map(() => ({
				error: expect.stringMatching(/^“Scheduled For” is empty \[item \d\]\. It was added/) as string,
				details: { outcome: 'invalid' },
			})),
		);
		expect(bench.simulator.requests).toEqual([]);
	},
);

test.each<[ProviderName, INodeParameters, IDataObject]>([
	['clubTexting', { subject: '', groups: [], requestsPerSecond: 1000 }, { subject: null }],
	['ezTexting', { groups: [] }, { groups: [] }],
])('%s: what adds nothing where it is empty may be left empty', async (provider, options, shown) => {
	const result = await bench.run(provider, { ...send, options }, people);
	expect(itemsOf(result)).toMatchObject(people.map(({ number }) => ({ recipients: [number], ...shown })));
});

test.each<[string, IDataObject, boolean]>([
	['=order-{{ $json.id }}', { id: 7 }, true],
	['=order-{{ $json.id }}', {}, false],
	['=order-{{ $json.id }}', { id: ' ' }, false],
	['={{ $json.id }}/{{ $json.status }}', { id: 7, status: 'paid' }, true],
	['={{ $json.id }}/{{ $json.status }}', { id: 7, status: null }, false],
	['={{ $json.id }}/{{ $json.status }}', { status: 'paid' }, false],
	['={{ $json.id }} {{ $json.status }} ', { id: '1 2', status: '3' }, true],
	['=a{{ $json.id }}a', { id: 'a' }, true],
	['=a{{ $json.id }}a', {}, false],
	['={{ "order-" + $json.id }}', {}, false],
	['={{ `order-${$json.id}` }}', { id: null }, false],
	['={{ "order-" + $json.id * 2 }}', {}, false],
	['=order {{ $json.customer }}', { customer: { id: 7 } }, false],
	['={{ "order " + $json.customer }}', { customer: { id: 7 } }, false],
	['={{ $json.email }}', { email: 'null@example.com' }, true],
	['={{ $json.email }}', { email: 'ann@null.example' }, true],
	['={{ $json.text }}', { text: 'um null Uhr' }, true],
	['=a\\b{{ $json.id }}\\n', { id: 7 }, true],
	['=a"`${{ $json.id }}\nb{{ $json.id }}', { id: 7 }, true],
	['=a\\{{ $json.id }}', { id: 7 }, true],
	['=a}}b{{ $json.id }}', { id: 7 }, true],
	['={{ "{\\}}".slice(0, 1) }}{{ $json.id }}', { id: 7 }, true],
	['={{ "{\\}} and a few more words: ".slice(0, 1) + $json.id }}', { id: 7 }, true],
	['order-null', {}, true],
	['=order-1', {}, true],
	['undefined', {}, true],
])('a key of %s for %j names its item: %s', async (idempotencyKey, item, isGood) => {
	const parameters = { resource: 'message', operation: 'send', phoneNumbers: '2125550101', message: 'Hi' };
	const given = { ...parameters, dryRun: true, options: { idempotencyKey } };
	const result = await bench.run('clubTexting', given, [item, item], going);
	for (const json of itemsOf(result)) {
		if (isGood) expect(json).toMatchObject({ dryRun: true });
		else
			expect(json.error).toMatch(
				/^“Act Once Per” .*(is empty \[item \d\]\. Look at the expression in this field: other items would have the same text, and only one of them would be acted on\.$|in place of a text \[)/,
			);
	}
});
