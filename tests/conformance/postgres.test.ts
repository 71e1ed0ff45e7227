import { conforms } from './conforms.ts';
import { postgres } from './warehouses.ts';

conforms(postgres);
