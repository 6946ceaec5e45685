import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
	NodeHelpers,
	type ICredentialType,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { Click2MailApi } from '../../credentials/Click2MailApi.credentials';
import { ClubTextingApi } from '../../credentials/ClubTextingApi.credentials';
import { EzTextingApi } from '../../credentials/EzTextingApi.credentials';
import { MailPartnerApi } from '../../credentials/MailPartnerApi.credentials';
import { PaymentCardApi } from '../../credentials/PaymentCardApi.credentials';
import { Click2Mail } from '../../nodes/Click2Mail/Click2Mail.node';
import { Click2MailCredit } from '../../nodes/Click2MailCredit/Click2MailCredit.node';
import { Click2MailCreditTrigger } from '../../nodes/Click2MailCredit/Click2MailCreditTrigger.node';
import { ClubTexting } from '../../nodes/ClubTexting/ClubTexting.node';
import { ClubTextingCreditTrigger } from '../../nodes/ClubTexting/ClubTextingCreditTrigger.node';
import { ClubTextingPollingTrigger } from '../../nodes/ClubTexting/ClubTextingPollingTrigger.node';
import { ClubTextingTrigger } from '../../nodes/ClubTexting/ClubTextingTrigger.node';
import { EzTexting } from '../../nodes/EzTexting/EzTexting.node';
import { EzTextingCreditTrigger } from '../../nodes/EzTexting/EzTextingCreditTrigger.node';
import { EzTextingTrigger } from '../../nodes/EzTexting/EzTextingTrigger.node';
import { MailPartnerSubaccount } from '../../nodes/MailPartnerSubaccount/MailPartnerSubaccount.node';
import { MailPartnerSubaccountTrigger } from '../../nodes/MailPartnerSubaccount/MailPartnerSubaccountTrigger.node';
import manifest from '../../package.json';
import {
	actionNodes,
	credentials,
	credentialsOf,
	pollingOptions,
	pollingTriggers,
	registeringTrigger,
	trigger,
	type Field,
} from './contract';

const root = path.join(__dirname, '../..');

/** n8n finds a class in the file of its name. */
const nodeIn = (folder: string, Node: new () => INodeType) => ({
	type: new Node(),
	folder: `nodes/${folder}`,
	file: Node.name,
});

const nodes: Record<string, ReturnType<typeof nodeIn>> = {
	click2Mail: nodeIn('Click2Mail', Click2Mail),
	click2MailCredit: nodeIn('Click2MailCredit', Click2MailCredit),
	click2MailCreditTrigger: nodeIn('Click2MailCredit', Click2MailCreditTrigger),
	clubTexting: nodeIn('ClubTexting', ClubTexting),
	clubTextingCreditTrigger: nodeIn('ClubTexting', ClubTextingCreditTrigger),
	clubTextingPollingTrigger: nodeIn('ClubTexting', ClubTextingPollingTrigger),
	clubTextingTrigger: nodeIn('ClubTexting', ClubTextingTrigger),
	ezTexting: nodeIn('EzTexting', EzTexting),
	ezTextingCreditTrigger: nodeIn('EzTexting', EzTextingCreditTrigger),
	ezTextingTrigger: nodeIn('EzTexting', EzTextingTrigger),
	mailPartnerSubaccount: nodeIn('MailPartnerSubaccount', MailPartnerSubaccount),
	mailPartnerSubaccountTrigger: nodeIn('MailPartnerSubaccount', MailPartnerSubaccountTrigger),
};

const credentialTypes: Record<string, ICredentialType> = {
	click2MailApi: new Click2MailApi(),
	clubTextingApi: new ClubTextingApi(),
	ezTextingApi: new EzTextingApi(),
	mailPartnerApi: new MailPartnerApi(),
	paymentCardApi: new PaymentCardApi(),
};

const named = (name: string): INodeTypeDescription => nodes[name]!.type.description;

/** Every operation of the action nodes, with its contract. */
const operations = Object.entries(actionNodes).flatMap(([node, resources]) =>
	Object.entries(resources).flatMap(([resource, byOperation]) =>
		Object.entries(byOperation).map(([operation, contract]) => ({ node, resource, operation, contract })),
	),
);

/** The properties that the editor shows for these values. */
function shown(description: INodeTypeDescription, values: INodeParameters): INodeProperties[] {
	return description.properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, { typeVersion: 1 }, description),
	);
}

/** Not a notice, and not the place where n8n's editor puts the credentials. */
const holdsValue = ({ type }: INodeProperties) => !['notice', 'credentials'].includes(type);

/** Every combination of the values that other fields of an operation depend on. */
function situations(fields: Record<string, Field>): INodeParameters[] {
	const deciding = new Set(Object.values(fields).flatMap(({ shownFor }) => Object.keys(shownFor ?? {})));
	return [...deciding].reduce<INodeParameters[]>(
		(known, name) =>
			known.flatMap((values) =>
				(fields[name]!.values ?? [true, false]).map((value) => ({ ...values, [name]: value })),
			),
		[{}],
	);
}

const listed = (property: INodeProperties) => (property.options ?? []) as INodePropertyOptions[];
const entriesOf = (property: INodeProperties) => (property.options ?? []) as INodeProperties[];
const sorted = (names: string[]) => [...names].sort();
const camelCase = /^[a-z][a-zA-Z0-9]*$/;

/** A property as the contract writes it down. */
function asField(property: INodeProperties): Field {
	const { type, default: value, modes } = property;
	return {
		type: type as Field['type'],
		default: value,
		...(type === 'options' && { values: sorted(listed(property).map((option) => String(option.value))) }),
		...(modes && { modes: modes.map(({ name }) => name) }),
		...(type === 'collection' && {
			entries: Object.fromEntries(entriesOf(property).map((entry) => [entry.name, asField(entry)])),
		}),
	};
}

/** A contract's field without what depends on other fields. */
function plain({ type, default: value, values, modes, entries }: Field): Field {
	return {
		type,
		default: value,
		...(values && { values: sorted(values) }),
		...(modes && { modes }),
		...(entries && { entries: plainAll(entries) }),
	};
}

function plainAll(fields: Record<string, Field>): Record<string, Field> {
	return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, plain(field)]));
}

describe('the package', () => {
	test('has the name and licence that users know it by', () => {
		expect(manifest.name).toBe('n8n-nodes-messaging-credits');
		expect(manifest.license).toBe('MIT');
	});

	test('registers the nodes and the credential types, and no other', () => {
		const name = (file: string) => path.basename(file).replace(/\..*$/, '');
		const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
		expect(sorted(manifest.n8n.nodes.map((file) => lowerFirst(name(file))))).toEqual(
			sorted(Object.keys(nodes)),
		);
		expect(sorted(manifest.n8n.credentials.map((file) => lowerFirst(name(file))))).toEqual(
			sorted(Object.keys(credentials)),
		);
		const sources = (folder: string, ending: string) =>
			readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
				file.endsWith(ending),
			);
		expect(sources('nodes', '.node.ts')).toHaveLength(Object.keys(nodes).length);
		expect(sources('credentials', '.credentials.ts')).toHaveLength(Object.keys(credentials).length);
	});

	test.each(Object.entries(nodes))(
		'calls the node %s by its class and folder',
		(name, { type, folder, file }) => {
			expect(type.description.name).toBe(name);
			expect(type.constructor.name).toBe(file);
			expect(file.charAt(0).toLowerCase() + file.slice(1)).toBe(name);
			expect(existsSync(path.join(root, folder, `${file}.node.ts`))).toBe(true);
			expect(manifest.n8n.nodes).toContain(`dist/${folder}/${file}.node.js`);
		},
	);
});

describe.each(Object.keys(actionNodes))('node %s', (name) => {
	const contract = actionNodes[name]!;
	const description = named(name);
	const resourceProperty = description.properties.find((property) => property.name === 'resource')!;
	const operationProperties = description.properties.filter((property) => property.name === 'operation');

	test('has exactly the resources of the contract', () => {
		expect(resourceProperty.type).toBe('options');
		expect(resourceProperty.noDataExpression).toBe(true);
		expect(sorted(listed(resourceProperty).map(({ value }) => String(value)))).toEqual(
			sorted(Object.keys(contract)),
		);
	});

	test.each(Object.entries(contract))(
		'resource %s has exactly the operations of the contract',
		(resource, byOperation) => {
			const [dropdown, ...others] = operationProperties.filter(({ displayOptions }) =>
				displayOptions?.show?.resource?.includes(resource),
			);
			expect(others).toEqual([]);
			expect(dropdown).toMatchObject({ type: 'options', noDataExpression: true });
			expect(sorted(listed(dropdown!).map(({ value }) => String(value)))).toEqual(
				sorted(Object.keys(byOperation)),
			);
		},
	);

	test('says of every operation what it does, in the list of actions too', () => {
		for (const dropdown of operationProperties) {
			for (const option of listed(dropdown)) {
				expect(option.name).toMatch(/^[A-Z]/);
				expect(option.action).toMatch(/^[A-Z].*[^.]$/);
				expect(option.description).toMatch(/^[A-Z].{9,}/);
			}
		}
		const actions = operationProperties.flatMap((dropdown) => listed(dropdown).map(({ action }) => action));
		expect(new Set(actions).size).toBe(actions.length);
	});

	test('shows every field for some operation, and no two of one name at once', () => {
		const seen = new Set<INodeProperties>();
		for (const [resource, byOperation] of Object.entries(contract)) {
			for (const [operation, { fields }] of Object.entries(byOperation)) {
				const withOption = [{ groups: ['Honey lovers'] }, { topUpTo: 50 }].map((options) => ({ options }));
				for (const situation of [...situations(fields), ...withOption]) {
					const visible = shown(description, { resource, operation, ...situation });
					const names = visible.map((property) => property.name);
					expect(names).toEqual([...new Set(names)]);
					visible.forEach((property) => seen.add(property));
				}
			}
		}
		// What a tool's form shows beside that has a test of its own.
		const isForTools = ({ displayOptions }: INodeProperties) => displayOptions?.show?.['@tool'] !== undefined;
		const unseen = description.properties.filter((property) => !seen.has(property) && !isForTools(property));
		expect(unseen.map(({ name, displayOptions }) => [displayOptions?.show?.operation, name])).toEqual([]);
	});

	test('is usable as a tool of an AI agent', () => {
		expect(description.usableAsTool).toBe(true);
	});
});

describe.each(operations)('$node $resource $operation', ({ node, resource, operation, contract }) => {
	const description = named(node);
	const { fields, collections } = contract;

	test.each(situations(fields))('shows exactly its fields (%j)', (situation) => {
		const visible = shown(description, { resource, operation, ...situation }).filter(holdsValue);
		const expected = Object.entries(fields).filter(([, { shownFor = {} }]) =>
			Object.entries(shownFor).every(([other, value]) => situation[other] === value),
		);
		expect(sorted(visible.map((property) => property.name))).toEqual(
			sorted([
				'resource',
				'operation',
				...expected.map(([fieldName]) => fieldName),
				...Object.keys(collections),
			]),
		);
		for (const property of visible) {
			const field = fields[property.name];
			if (field) expect({ [property.name]: asField(property) }).toEqual({ [property.name]: plain(field) });
		}
	});

	test('what it does for good is said above its fields, unless it is a dry run; nothing that spends is filled in', () => {
		const visible = shown(description, { resource, operation });
		const notices = visible.filter(({ type }) => type === 'notice');
		const first = visible.find(({ name }) => !['credentials', 'resource', 'operation'].includes(name));
		expect(notices).toEqual('dryRun' in fields ? [first] : []);
		for (const { displayName } of notices)
			expect(displayName).toMatch(
				/^This .*\. <b>Execute step<\/b> does this for real, too: switch on <b>Dry Run<\/b> to try it out\.$/,
			);
		const dry = shown(description, { resource, operation, dryRun: true });
		expect(dry.filter(({ type }) => type === 'notice')).toEqual([]);
		// Not known to be one.
		const open = shown(description, { resource, operation, dryRun: '={{ $json.dry }}' });
		expect(open.filter(({ type }) => type === 'notice')).toEqual(notices);
		const { additionalFields = {} } = collections;
		for (const name of ['amount', 'numberOfCredits', 'creditToAttribute'])
			expect((fields[name] ?? additionalFields[name] ?? { default: 0 }).default).toBe(0);
	});

	test.each(Object.keys(collections))(
		'its collection %s has exactly the entries of the contract',
		(collection) => {
			const property = shown(description, { resource, operation }).find(({ name }) => name === collection)!;
			expect(property).toMatchObject({ type: 'collection', default: {} });
			const entries = entriesOf(property);
			expect(Object.fromEntries(entries.map((entry) => [entry.name, asField(entry)]))).toEqual(
				plainAll(collections[collection]!),
			);
			expect(entries).toHaveLength(Object.keys(collections[collection]!).length);
		},
	);
});

describe('node clubTextingTrigger', () => {
	const description = named(trigger.name);
	const [events, options, ...others] = description.properties.filter(holdsValue);

	test('has exactly the parameters of the contract', () => {
		expect(others).toEqual([]);
		expect(events).toMatchObject({ name: 'events', type: 'multiOptions', default: trigger.events });
		expect(listed(events!).map(({ value }) => value)).toEqual(trigger.events);
		expect(options).toMatchObject({ name: 'options', type: 'collection', default: {} });
		expect(Object.fromEntries(entriesOf(options!).map((entry) => [entry.name, asField(entry)]))).toEqual(
			trigger.options,
		);
	});

	test('is a trigger, and no tool', () => {
		expect(description.group).toEqual(['trigger']);
		expect(description.inputs).toEqual([]);
		expect(description.usableAsTool).toBeUndefined();
	});

	test('keeps its token out of sight', () => {
		const token = entriesOf(options!).find(({ name }) => name === 'token');
		expect(token?.typeOptions).toMatchObject({ password: true });
	});
});

describe('node ezTextingTrigger', () => {
	const description = named(registeringTrigger.name);
	const [events, options, ...others] = description.properties.filter(holdsValue);

	test('has exactly the parameters of the contract', () => {
		expect(others).toEqual([]);
		expect(events).toMatchObject({
			name: 'events',
			type: 'multiOptions',
			default: registeringTrigger.default,
		});
		const values = listed(events!).map(({ value }) => String(value));
		expect(sorted(values)).toEqual(sorted(registeringTrigger.events));
		expect(Object.fromEntries(entriesOf(options!).map((entry) => [entry.name, asField(entry)]))).toEqual(
			registeringTrigger.options,
		);
	});

	test('is a trigger, and no tool', () => {
		expect(description.group).toEqual(['trigger']);
		expect(description.usableAsTool).toBeUndefined();
	});
});

describe.each(Object.entries(pollingTriggers))('node %s', (name, { fields }) => {
	const description = named(name);

	test('has exactly the parameters of the contract', () => {
		const others = description.properties.filter((property) => property.name !== 'options');
		expect(Object.fromEntries(others.map((property) => [property.name, asField(property)]))).toEqual(
			plainAll(fields),
		);
		const options = description.properties.find((property) => property.name === 'options');
		if (!('threshold' in fields)) expect(options).toBeUndefined();
		else {
			expect(options).toMatchObject({ type: 'collection', default: {} });
			const entries = entriesOf(options!).map((entry) => [entry.name, asField(entry)]);
			expect(Object.fromEntries(entries)).toEqual(pollingOptions);
		}
		const forNewOnes = shown(description, { event: 'subaccountCreated' }).map((property) => property.name);
		if (fields.event?.values?.includes('subaccountCreated')) expect(forNewOnes).toEqual(['event']);
	});

	test('is a polling trigger, and no tool', () => {
		expect(description).toMatchObject({ group: ['trigger'], polling: true, inputs: [] });
		expect(description.usableAsTool).toBeUndefined();
	});
});

describe.each(Object.entries(nodes))('every node: %s', (name, { type, folder, file }) => {
	const { description } = type;
	const withEntries = (property: INodeProperties): INodeProperties[] =>
		property.type === 'collection' ? [property, ...entriesOf(property).flatMap(withEntries)] : [property];
	const all = description.properties.flatMap(withEntries);
	const dropdowns = all.filter((property) => ['options', 'multiOptions'].includes(property.type));

	test('has a subtitle that tells its operation on the canvas', () => {
		expect(description.subtitle).toMatch(/^=\{\{.*\$parameter\["(operation|events?|threshold)"\].*\}\}$/);
		expect(description.description).toMatch(/^[A-Z].{10,}[^.]$/);
		expect(description.version).toBe(1);
	});

	test('has names in camelCase, labels and types', () => {
		for (const property of all) {
			expect(property.name).toMatch(camelCase);
			expect(property.displayName).toMatch(/^[A-Z]/);
		}
		for (const option of dropdowns.flatMap(listed)) expect(option.value).toMatch(camelCase);
	});

	test('has a default for every field, and every default is one of its options', () => {
		for (const property of all) expect(property).toHaveProperty('default');
		for (const property of dropdowns) {
			const values = listed(property).map(({ value }) => value);
			for (const value of [property.default].flat()) expect(values).toContain(value);
			expect(new Set(values).size).toBe(values.length);
		}
	});

	test('sorts its operations, collections and long lists by what a person reads, but for the days of the week', () => {
		const lists = all.filter(
			({ name: key, type: kind, options = [] }) =>
				key !== 'days' && (key === 'operation' || kind === 'collection' || options.length >= 5),
		);
		for (const property of lists) {
			const labels = (property.options ?? []).map((option) =>
				'displayName' in option ? option.displayName : option.name,
			);
			expect(labels).toEqual([...labels].sort((a, b) => a.localeCompare(b)));
		}
	});

	test('explains every field that does not explain itself', () => {
		const unexplained = all.filter(
			(property) =>
				!property.description &&
				holdsValue(property) &&
				!['resource', 'operation', 'options', 'additionalFields'].includes(property.name) &&
				!listed(property).some((option) => option.description),
		);
		expect(unexplained.map((property) => property.name)).toEqual([]);
	});

	test('has no field for a card, a password or a key', () => {
		const secretive = /card.?number|security|cvv|password|api.?key$|secret/i;
		expect(all.map((property) => property.name).filter((key) => secretive.test(key))).toEqual([]);
	});

	test('has a light and a dark icon, drawn as SVG', () => {
		expectIcons(description.icon, folder);
	});

	test('has a codex file that fits', () => {
		const codex = JSON.parse(readFileSync(path.join(root, folder, `${file}.node.json`), 'utf8')) as {
			node: string;
			nodeVersion: string;
			codexVersion: string;
			categories: string[];
			alias: string[];
			resources: Record<string, Array<{ url: string }>>;
		};
		expect(codex).toMatchObject({
			node: `${manifest.name}.${name}`,
			nodeVersion: '1.0',
			codexVersion: '1.0',
		});
		const known = ['Communication', 'Finance & Accounting', 'Marketing & Content'];
		expect(codex.categories.filter((category) => !known.includes(category))).toEqual([]);
		expect(codex.categories.length).toBeGreaterThan(0);
		expect(codex.alias.length).toBeGreaterThan(2);
		expect(codex.alias).toEqual([...new Set(codex.alias)]);
		for (const { url } of Object.values(codex.resources).flat()) expect(url).toMatch(/^https:\/\/\S+$/);
		expect(codex.resources.primaryDocumentation).toHaveLength(1);
	});

	test('asks for exactly its credentials', () => {
		const expected = credentialsOf[name]!;
		const asked = description.credentials ?? [];
		expect(sorted(asked.map((credential) => credential.name))).toEqual(sorted(Object.keys(expected)));
		for (const credential of asked) {
			expect(credential.required).toBe(true);
			const operations = expected[credential.name];
			expect(sorted((credential.displayOptions?.show?.operation ?? ['all']).map(String))).toEqual(
				sorted([operations ?? []].flat()),
			);
		}
	});
});

test('the card is asked for by what is paid with it, and only then', () => {
	const asksForCard = (node: string, values: INodeParameters) =>
		NodeHelpers.displayParameter(
			values,
			named(node).credentials!.find(({ name }) => name === 'paymentCardApi')!,
			{ typeVersion: 1 },
			named(node),
		);
	const clubTexting = (resource: string, operation: string, paymentMethod?: string) =>
		asksForCard('clubTexting', { resource, operation, ...(paymentMethod && { paymentMethod }) });

	for (const operation of ['purchase', 'topUp']) {
		expect(asksForCard('click2MailCredit', { resource: 'credit', operation })).toBe(true);
	}
	expect(asksForCard('click2MailCredit', { resource: 'credit', operation: 'getBalance' })).toBe(false);
	for (const [resource, operation] of [
		['keyword', 'rent'],
		['credit', 'buy'],
		['credit', 'topUp'],
	] as const) {
		expect(clubTexting(resource, operation, 'card')).toBe(true);
		expect(clubTexting(resource, operation, 'storedCard')).toBe(false);
	}
	expect(clubTexting('message', 'send')).toBe(false);
	expect(clubTexting('keyword', 'setUp')).toBe(false);
});

describe.each(Object.entries(credentialTypes))('credential type %s', (name, type) => {
	const { fields, test: tested } = credentials[name]!;
	const properties = type.properties.filter(holdsValue);

	test('has exactly the fields of the contract', () => {
		expect(type.name).toBe(name);
		expect(Object.fromEntries(properties.map((property) => [property.name, asField(property)]))).toEqual(
			plainAll(fields),
		);
		expect(properties).toHaveLength(Object.keys(fields).length);
	});

	test.each(situations(fields))('shows the fields that are needed (%j)', (situation) => {
		const visible = properties.filter((property) =>
			NodeHelpers.displayParameter(situation, property, null, null),
		);
		const expected = Object.entries(fields).filter(([, { shownFor = {} }]) =>
			Object.entries(shownFor).every(([other, value]) => situation[other] === value),
		);
		expect(visible.map((property) => property.name)).toEqual(expected.map(([field]) => field));
	});

	test('every secret is a password field, and nothing else is', () => {
		const hidden = type.properties.filter(({ typeOptions }) => typeOptions?.password === true);
		const secret = Object.entries(fields).filter(([, field]) => field.secret);
		expect(hidden.map((property) => property.name)).toEqual(secret.map(([field]) => field));
	});

	test('every default is one of its options', () => {
		for (const property of type.properties.filter((field) => field.type === 'options')) {
			expect(listed(property).map(({ value }) => value)).toContain(property.default);
		}
	});

	test('has a test, an icon in light and dark, and documentation', () => {
		const testers = Object.values(nodes).flatMap(({ type: node }) =>
			(node.description.credentials ?? [])
				.filter((credential) => credential.name === name)
				.map(({ testedBy }) => [testedBy, node] as const),
		);
		if (tested === 'request') expect(type.test?.request.url).toMatch(/^\//);
		else {
			expect(type.test).toBeUndefined();
			expect(testers.length).toBeGreaterThan(0);
			for (const [testedBy, node] of testers) {
				expect(node.methods?.credentialTest?.[String(testedBy)]).toBeInstanceOf(Function);
			}
		}
		expect(type.displayName).toMatch(/ API$/);
		expect(type.documentationUrl).toMatch(/^https:\/\//);
		expectIcons(type.icon, 'credentials');
	});
});

function expectIcons(icon: INodeTypeDescription['icon'], folder: string): void {
	const { light, dark } = icon as { light: string; dark: string };
	expect(light).not.toBe(dark);
	for (const file of [light, dark]) {
		const source = path.join(root, folder, file.replace(/^file:/, ''));
		expect(readFileSync(source, 'utf8')).toMatch(/^<svg[^>]* viewBox=/);
	}
}
