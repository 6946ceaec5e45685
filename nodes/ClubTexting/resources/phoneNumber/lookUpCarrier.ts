import type { ReadOperation } from '../../../shared/operation/types';
import { asAsked, listIn, objectIn, UnrecognisedReply } from '../../../shared/http/response';
import { BY_NUMBER, CONTACT_FIELD } from '../../../shared/sms/contacts';
import { numbersIn } from '../../../shared/sms/phoneNumber';

export const lookUpCarrier: ReadOperation<{ phoneNumber: string }> = {
	option: {
		name: 'Look Up Carrier',
		value: 'lookUpCarrier',
		action: 'Look up carrier of phone number',
		description:
			'Find out which mobile carrier a number belongs to; look-ups have to be enabled for the account',
		hint: 'Which phone company a number is with.',
	},
	...BY_NUMBER,
	fields: [{ ...CONTACT_FIELD, description: 'A mobile number of the United States or Canada' }],
	effect: 'reads',

	run: async ({ phoneNumber }, step) =>
		await step.read({ method: 'GET', path: `/sending/phone-numbers/${phoneNumber}` }, (data) => {
			const entry = objectIn(data);
			if (!('CarrierName' in entry)) throw new UnrecognisedReply('the reply has no carrier');
			return {
				phoneNumber: asAsked(numbersIn(entry.PhoneNumber)[0] ?? null, phoneNumber, 'phone number'),
				// Empty where the provider knows none, as for a landline.
				carrier: listIn(entry.CarrierName)?.[0] ?? null,
			};
		}),
};
