-- Which cities order most. Reads nothing personal, so it runs at once.
SELECT c.city, COUNT(o.id) AS orders, ROUND(SUM(o.total), 2) AS revenue
FROM orders o
JOIN customers c ON c.id = o.customer_id
GROUP BY c.city
ORDER BY revenue DESC
LIMIT 20;
