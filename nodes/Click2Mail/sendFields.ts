import type { INodeProperties } from 'n8n-workflow';
import {
	booleanField,
	choice,
	choiceField,
	collectionField,
	dateTimeField,
	textField,
} from '../shared/operation/fields';
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
		choiceField('Document Source', 'documentSource', 'binary', {
			options: [choice('File of the Item', 'binary'), choice('URL', 'url')],
			description: 'Where the document comes from',
		}),
		textField('Input Data Field Name', 'binaryPropertyName', {
			default: 'data',
			required: true,
			displayOptions: { show: { documentSource: ['binary'] } },
			description: `The field of the item that holds the file: ${what}`,
		}),
		textField('Document URL', 'documentUrl', {
			required: true,
			placeholder: 'e.g. https://example.com/letter.pdf',
			displayOptions: { show: { documentSource: ['url'] } },
			description: `Where Click2Mail fetches the document, open to the internet: ${what}`,
		}),
		...ADDRESS_FIELDS.map((field) =>
			['address1', 'city'].includes(field.name) ? { ...field, required: true } : field,
		),
		MAXIMUM_COST,
	];
}

const LETTER_OPTIONS: INodeProperties[] = [
	booleanField('Both Sides', 'bothSides', 'Whether to print on both sides of the paper'),
	booleanField('Certified Mail', 'certified', 'Whether it is certified, with proof of mailing and delivery'),
	booleanField('Color', 'color', 'Whether to print in color instead of black and white'),
];

export function sendOptions(kind: Kind): INodeProperties[] {
	return [
		...(kind === 'letter' ? LETTER_OPTIONS : []),
		dateTimeField(
			'Mailing Date',
			'mailingDate',
			'The day on which it is handed to the mail: from tomorrow to 90 days ahead, in US Eastern time. Without one, the next working day.',
		),
		textField('Reference', 'reference', {
			placeholder: 'e.g. invoice-10042',
			description:
				'A text that no other mail of your account has. Mail that has it already is found at Click2Mail and not made again. Without one, a new run of the workflow mails again.',
		}),
		collectionField('Return Address', 'returnAddress', {
			placeholder: 'Add field',
			options: ADDRESS_FIELDS,
			description: 'Who it comes from; the default return address of your account where it is left out',
		}),
		booleanField('Submit', 'submit', 'Whether to pay and mail it. Off, a draft is made for free.', true),
	];
}
