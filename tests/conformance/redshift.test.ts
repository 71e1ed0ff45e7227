import { conforms } from './conforms.ts';
import { redshift } from './warehouses.ts';

conforms(redshift);
