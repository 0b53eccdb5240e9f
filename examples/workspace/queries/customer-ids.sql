-- Reads a government id. On production this needs a data steward.
SELECT id, name, email, ssn
FROM customers
WHERE created_at >= '2025-01-01'
ORDER BY id
LIMIT 500;

-- Orders alone are harmless.
SELECT status, COUNT(*) AS orders
FROM orders
GROUP BY status;
