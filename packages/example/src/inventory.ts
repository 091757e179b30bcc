/**
 * Documents of the example, as `countersign apply` reads them. The poisoned model has none: it shows what an undeclared
 * asset looks like. Nothing here names a company, because none stands behind it.
 */
export const INVENTORY = `apiVersion: countersign.dev/v1
kind: Dataset
metadata:
  name: credit-applications
  title: Credit applications (synthetic)
  description: 2,000 loan applications drawn from a seeded generator. Nobody in them exists.
  owner: team-credit
  tags:
    sensitivity: internal
    personalData: false
    licence: Apache-2.0
spec:
  format: csv
  origin: countersign-example
  purposes:
    - training
    - evaluation
---
apiVersion: countersign.dev/v1
kind: Model
metadata:
  name: credit-risk
  title: Credit risk
  description: The probability that a loan application ends in default.
  owner: team-credit
  tags:
    sensitivity: internal
    personalData: false
    licence: Apache-2.0
    tier: tier-2
spec:
  task: tabular-classification
  origin: countersign-example
  datasets:
    - credit-applications
  code: countersign-example
  aliases:
    champion: production
    challenger: staging
  limitations: An example. Do not decide about anyone's loan with it.
---
apiVersion: countersign.dev/v1
kind: Model
metadata:
  name: credit-risk-torch
  title: Credit risk, as a torch file
  owner: team-credit
  tags:
    sensitivity: internal
    personalData: false
    licence: Apache-2.0
    tier: tier-3
spec:
  task: tabular-classification
  framework: torch
  origin: countersign-example
  datasets:
    - credit-applications
  code: countersign-example
---
apiVersion: countersign.dev/v1
kind: Code
metadata:
  name: countersign-example
  title: The example's training code
  description: Draws the table and trains the models on this machine, when a new workspace starts.
  tags:
    licence: Apache-2.0
spec:
  language: typescript
  vendor: countersign
---
apiVersion: countersign.dev/v1
kind: Vendor
metadata:
  name: countersign
  title: Countersign
  description: Whoever you have this software from. Its sanctions status is unknown until you check it and say so here.
spec:
  licences:
    - id: Apache-2.0
      uses:
        - commercial
        - modification
        - redistribution
      covers:
        - Code:countersign-example
        - Model:credit-risk
        - Dataset:credit-applications
---
apiVersion: countersign.dev/v1
kind: System
metadata:
  name: loan-desk
  title: Loan desk (imagined)
  description: What a system made of assets looks like.
  owner: team-credit
spec:
  purpose: Orders loan applications for people who decide on them
  riskClass: high-risk under the EU AI Act, Annex III 5(b), if it were real
  environment: production
  components:
    - Model:credit-risk
`;
