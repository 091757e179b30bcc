/** Documents of a small lender, as its teams would keep them in Git. */
export const DOCUMENTS = `apiVersion: countersign.dev/v1
kind: Vendor
metadata: { name: nordic-data, title: Nordic Data AB, owner: procurement }
spec:
  country: SE
  sanctions:
    - { status: clear, list: EU consolidated, from: 2026-01-01 }
---
apiVersion: countersign.dev/v1
kind: Vendor
metadata: { name: bureau-east, title: Bureau East, owner: procurement }
spec:
  country: RS
  sanctions:
    - { status: under-review, list: EU consolidated, from: 2026-06-01 }
---
apiVersion: countersign.dev/v1
kind: Dataset
metadata:
  name: loan-applications
  title: Loan applications 2025
  owner: risk-data
  description: Applications with their outcome, one row each, as bought and joined every quarter.
  tags: { sensitivity: restricted, personalData: true, residency: [SE], tier: "1" }
spec: { vendor: nordic-data }
---
apiVersion: countersign.dev/v1
kind: Dataset
metadata: { name: payment-history, owner: risk-data, tags: { sensitivity: confidential, personalData: true } }
spec: { vendor: bureau-east }
---
apiVersion: countersign.dev/v1
kind: Model
metadata:
  name: credit-score
  title: Credit score
  owner: risk
  description: Scores applications for consumer credit between 0 and 1.
  tags: { sensitivity: confidential, tier: "1" }
spec: { datasets: [loan-applications, payment-history], baseModel: scorecard-2019 }
---
apiVersion: countersign.dev/v1
kind: Model
metadata: { name: fraud-flag, owner: payments, tags: { sensitivity: internal } }
spec: { datasets: [payment-history] }
---
apiVersion: countersign.dev/v1
kind: Endpoint
metadata: { name: credit-api, owner: platform }
spec: { url: "https://credit.example/score", models: [credit-score], environment: production, region: SE }
---
apiVersion: countersign.dev/v1
kind: System
metadata:
  name: credit-desk
  title: Credit desk
  owner: lending
  description: Decides on consumer credit up to 20,000 euros.
spec: { components: ["Endpoint:credit-api", "Model:fraud-flag"], riskClass: high-risk }
`;
