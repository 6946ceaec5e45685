import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { readerFor } from '../../nodes/shared/operation/commonParameters';
import { fieldsOf } from '../../nodes/shared/operation/description';
import { itemsOf, openBench } from '../harness';
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
const EMPTY: Record<string, unknown> = { string: '', dateTime: '', multiOptions: [] };
const emptied = entries.filter(
	({ entry: { type, options } }) => type in EMPTY && !(type === 'string' && options),
);

test('there are such entries', () => expect(emptied.length).toBeGreaterThan(30));

test.each(
	emptied.map((entry): [string, (typeof entries)[number]] => [
		`${entry.service.description.name} ${entry.path} ${entry.collection}.${entry.entry.name}`,
		entry,
	]),
)('%s', (_name, { service, operation, path, collection, entry }) => {
	for (const empty of [EMPTY[entry.type], ...(entry.type === 'string' ? ['  '] : [])]) {
		const given = { [collection]: { [entry.name]: empty } };
		const read = readerFor(contextOf(service, path, given), service.provider, operation, {});
		expect(() => read(0)).toThrow(`“${entry.displayName}” is empty`);
	}
});

const send = { resource: 'message', operation: 'send', phoneNumbers: '={{ $json.number }}', message: 'Hi' };
const people = [{ number: '2125550101' }, { number: '2125550102' }];

test('a time that was added and not set does not send at once', async () => {
	const parameters = { ...send, options: { scheduledFor: '' } };
	const result = await bench.run('clubTexting', parameters, people, { onError: 'continueRegularOutput' });
	expect(itemsOf(result)).toMatchObject(
		people.map(() => ({
			error: expect.stringMatching(/^“Scheduled For” is empty \[item \d\]\. It was added/) as string,
			details: { outcome: 'invalid' },
		})),
	);
	expect(bench.simulator.requests).toEqual([]);
});

test('an expression may give an empty list of groups', async () => {
	const parameters = { ...send, options: { groups: '={{ $json.groups }}', requestsPerSecond: 1000 } };
	const result = await bench.run(
		'clubTexting',
		parameters,
		people.map((one) => ({ ...one, groups: [] })),
	);
	expect(itemsOf(result)).toMatchObject(people.map(({ number }) => ({ recipients: [number] })));
});

test('additional fields may be empty: the contact keeps what it has', async () => {
	const upsert: IDataObject = { firstName: '', note: 'Small' };
	const result = await bench.run(
		'clubTexting',
		{
			resource: 'contact',
			operation: 'upsert',
			phoneNumber: '={{ $json.number }}',
			additionalFields: upsert as never,
		},
		people,
	);
	expect(itemsOf(result)).toMatchObject(people.map(() => ({ firstName: null, note: 'Small' })));
});
