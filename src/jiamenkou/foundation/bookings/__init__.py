"""Calendars, slots, bookings, capacity and waiting lists: nobody and nothing is booked twice."""
