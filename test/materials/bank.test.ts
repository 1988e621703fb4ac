import { behavesLikeMaterials } from './behavior.ts'
import { ADAPTERS } from './support/bank.ts'

for (const [name, open] of ADAPTERS) behavesLikeMaterials(name, open)
