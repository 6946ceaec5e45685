import { listing } from '../../../shared/sms/groups';
import { GROUP_BOOK } from '../../group';

export const getAll = listing(GROUP_BOOK);
