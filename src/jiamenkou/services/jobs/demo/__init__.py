"""A believable employment station: employers, vacancies, wishes and a month of activity."""
