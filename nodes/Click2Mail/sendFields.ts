import type { INodeProperties } from 'n8n-workflow';
import { ADDRESS_FIELDS } from './address';
import type { Kind } from './product';
import { MAXIMUM_COST } from './submit';

/** The fields of Letter: Send and Postcard: Send, from top to bottom. */
export function sendFields(kind: Kind): INodeProperties[] {
	const what =
		kind === 'letter'
			? 'PDF, DOC, DOCX, PUB, PPT, PPTX, ODT, JPEG or PNG, Letter size'
			: 'a PDF of two pages, front and back, 8.5 x 5.5 inches with the bleed';
	return [
		{
			displayName: 'Document Source',
			name: 'documentSource',
			type: 'options',
			options: [
				{ name: 'File of the Item', value: 'binary' },
				{ name: 'URL', value: 'url' },
			],
			default: 'binary',
			description: 'Where the document comes from',
		},
		{
			displayName: 'Input Data Field Name',
			name: 'binaryPropertyName',
			type: 'string',
			default: 'data',
			required: true,
			displayOptions: { show: { documentSource: ['binary'] } },
			description: `The field of the item that holds the file: ${what}`,
		},
		{
			displayName: 'Document URL',
			name: 'documentUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://example.com/letter.pdf',
			displayOptions: { show: { documentSource: ['url'] } },
			description: `Where Click2Mail fetches the document, open to the internet: ${what}`,
		},
		...ADDRESS_FIELDS.map((field) => ({ ...field, required: ['address1', 'city'].includes(field.name) })),
		MAXIMUM_COST,
	];
}

const flag = (name: string, displayName: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'boolean',
	default: false,
	description,
});

const LETTER_OPTIONS: INodeProperties[] = [
	flag('bothSides', 'Both Sides', 'Whether to print on both sides of the paper'),
	flag(
		'certified',
		'Certified Mail',
		'Whether to send it as Certified Mail, with proof of mailing and delivery',
	),
	flag('color', 'Color', 'Whether to print in color instead of black and white'),
];

export function sendOptions(kind: Kind): INodeProperties[] {
	return [
		...(kind === 'letter' ? LETTER_OPTIONS : []),
		{
			displayName: 'Mailing Date',
			name: 'mailingDate',
			type: 'dateTime',
			default: '',
			description:
				'The day on which it is handed to the mail: from tomorrow to 90 days ahead, in US Eastern time. Without one, the next working day.',
		},
		{
			displayName: 'Reference',
			name: 'reference',
			type: 'string',
			default: '',
			placeholder: 'e.g. invoice-10042',
			description:
				'A text that no other mail of your account has. Mail that has it already is found at Click2Mail and not made again. Without one, a new run of the workflow mails again.',
		},
		{
			displayName: 'Return Address',
			name: 'returnAddress',
			type: 'collection',
			placeholder: 'Add field',
			default: {},
			options: [...ADDRESS_FIELDS].sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
			description: 'Whom it comes from; the default return address of your account where it is left out',
		},
		{
			displayName: 'Submit',
			name: 'submit',
			type: 'boolean',
			default: true,
			description: 'Whether to pay and mail it. Switched off, a draft is made that costs nothing.',
		},
	];
}
