import { textField } from './fields';
import type { ParameterReader } from './types';

export const COUPON_CODE = textField('Coupon Code', 'couponCode', {
	placeholder: 'e.g. SPRING10',
	description: 'A coupon or promotional code',
});

/** One that was added and left empty would pay the full price. @throws OperationError `invalid` */
export function couponCodeIn(read: ParameterReader): string {
	return read.isGiven('options.couponCode') ? read.required('options.couponCode') : '';
}
