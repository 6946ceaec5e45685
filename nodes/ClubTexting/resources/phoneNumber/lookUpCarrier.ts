import { textField } from '../../../shared/operation/fields';
import type { ReadOperation } from '../../../shared/operation/types';
import { objectIn, textIn, UnrecognisedReply } from '../../../shared/http/response';
import { phoneNumberOf } from '../../../shared/sms/phoneNumber';

export const lookUpCarrier: ReadOperation<{ phoneNumber: string }> = {
	option: {
		name: 'Look Up Carrier',
		value: 'lookUpCarrier',
		action: 'Look up carrier of phone number',
		description:
			'Find out which mobile carrier a number belongs to; look-ups have to be enabled for the account',
	},
	fields: [
		textField('Phone Number', 'phoneNumber', {
			required: true,
			placeholder: 'e.g. (212) 345-6785',
			description: 'A mobile number of the United States or Canada',
		}),
	],
	effect: 'reads',
	parameters: (read) => ({
		phoneNumber: phoneNumberOf(read.required('phoneNumber'), read.label('phoneNumber')),
	}),

	run: async ({ phoneNumber }, step) =>
		await step.read({ method: 'GET', path: `/sending/phone-numbers/${phoneNumber}` }, (data) => {
			const entry = objectIn(data);
			const { CarrierName: carrier } = entry;
			if (carrier !== null && !['string', 'number'].includes(typeof carrier)) {
				throw new UnrecognisedReply('the reply has no carrier');
			}
			return {
				phoneNumber: textIn(entry.PhoneNumber) ?? phoneNumber,
				// Empty where the provider knows none, as for a landline.
				carrier: textIn(carrier),
			};
		}),
};
